import type { Includes, OrderKey as AnyOrder, Where as AnyWhere } from "../generated.js";
import type { Include, Row } from "./include.js";
import type { Key } from "./order.js";
import type { FixedQuery } from "./query.js";
import type { Bare, IsUntyped, Name, Registered } from "./register.js";
import type { Where } from "./where.js";

/**
 * A row of the registered resource type `F`, with what `I` includes.
 *
 * @example
 * ```ts
 * function TagChips({ file }: { file: RowOf<"file", { tags: true }> }) { … }
 * ```
 */
export type RowOf<F extends Name<R>, I extends IncludeOf<F, R> = {}, R = Registered> = Row<R, F, I>;

/**
 * A query over the registered resource type `F` that includes `I`, for queries that are made in one place and used in
 * another.
 *
 * @example
 * ```ts
 * function recent(folder: string): QueryOf<"file"> {
 *   return { from: "file", where: { parent_id: folder }, orderBy: [{ modified_at: "desc" }], limit: 10 };
 * }
 * ```
 */
export type QueryOf<F extends Name<R>, I extends IncludeOf<F, R> = {}, R = Registered> = FixedQuery<R, F, I>;

/** What `where` of a query over the registered resource type `F` may be. */
export type WhereOf<F extends Name<R>, R = Registered> = IsUntyped<R> extends true ? AnyWhere : Where<F, R>;

/** One key of `orderBy` of a query over the registered resource type `F`. */
export type OrderByOf<F extends Name<R>, R = Registered> = IsUntyped<R> extends true ? AnyOrder : Key<Bare<R, F>>;

/** What `include` of a query over the registered resource type `F` may be. */
export type IncludeOf<F extends Name<R>, R = Registered> = IsUntyped<R> extends true ? Includes : Include<F, R>;
