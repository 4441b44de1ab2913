// Written by `cargo xtask codegen` from the Rust types of the crate `larder`. Do not edit.

/** What an event did. */
export type Applied = {
	/** Rows that look different now. */
	readonly changed: number,
	/** Resources that were older than what is cached. */
	readonly stale: number,
	/** The event had been applied before. */
	readonly duplicate: boolean,
	/** The event came too early and is held back until what is missing has come. */
	readonly held: boolean,
};

/** A message from a client to an engine, one JSON text message each. */
export type ClientFrame =
/** First message of a connection: what the client wants and what it already has. */
{ readonly type: "subscribe"; readonly data: Subscribe } |
/** A gap was seen: everything after `since` is wanted again. */
{ readonly type: "catch_up"; readonly data: {
	/** The cursor of the client. */
	readonly since: number,
} } |
/** Do this action once; the same id sent again has no second effect. */
{ readonly type: "mutate"; readonly data: {
	/** Chosen by the client, unique for ever. */
	readonly id: string,
	/** Which action, e.g. `files.rename`. */
	readonly name: string,
	/** Its arguments; their shape belongs to the action. */
	readonly args: unknown,
} } |
/** Ask the backend a question. */
{ readonly type: "query"; readonly data: {
	/** Chosen by the client, unique within the connection. */
	readonly id: string,
	/** Which question, e.g. `engine.status`. */
	readonly method: string,
	/** Its input; the shape belongs to the method. */
	readonly input: unknown,
} } |
/** Tell when the answer to this question is another than what was seen last: with `changed`. */
{ readonly type: "watch"; readonly data: {
	/** Chosen by the client, unique within the connection. */
	readonly id: string,
	/** The question's method. */
	readonly method: string,
	/** Its input. */
	readonly input: unknown,
	/** The `watch` of the newest answer. */
	readonly seen: string,
} } |
/** Tell of it no more. */
{ readonly type: "unwatch"; readonly data: {
	/** The id of the `watch`. */
	readonly id: string,
} } |
/** Is the engine still there? */
{ readonly type: "ping"; readonly data: Record<string, never> };

/** The values of one field, kept by row, for all queries that read it. */
export type ColumnCost = {
	/** The field. */
	readonly field: string,
	/** Bytes. */
	readonly bytes: number,
};

/** How a cache is set up. */
export type Config = {
	/** How large what comes from outside may be. */
	readonly limits?: Limits,
	/** Only these resource types are subscribed to; without it, all. */
	readonly subscribeTo?: readonly string[] | null,
	/** How rows are written into patches. */
	readonly rowEncoding?: RowEncoding,
	/** How the answers of the backend's methods are cached, by the method's name; `*` stands for all others. */
	readonly methods?: { readonly [key in string]: MethodConfig },
	/** How much is kept in memory, and on disk. */
	readonly memory?: MemoryConfig,
};

/** Something for the driver to do. */
export type Effect =
/** Send this text message over the socket. */
{ readonly type: "send"; readonly data: string } |
/** Open a connection; then call `connected`, or `disconnected` if that fails. */
{ readonly type: "connect" } |
/** Close the connection, then call `disconnected`. */
{ readonly type: "disconnect" } |
/** Call `tick` at this time, in milliseconds of the clock that is passed in. Replaces the time set before. */
{ readonly type: "wake_at"; readonly data: number } |
/** The status is another than before. */
{ readonly type: "status"; readonly data: Status } |
/** A mutation is done: it was confirmed, or refused and its optimistic operations taken back. */
{ readonly type: "settled"; readonly data: {
	/** The mutation's id. */
	readonly id: string,
	/** Why it was refused; `None` if it was confirmed. */
	readonly rejection: Rejection | null,
} } |
/** The backend's answer to a question. */
{ readonly type: "answer"; readonly data: {
	/** The question's id. */
	readonly id: string,
	/** The answer. */
	readonly data: unknown,
} } |
/** The backend could not answer a question. */
{ readonly type: "failed"; readonly data: {
	/** The question's id. */
	readonly id: string,
	/** A stable name of the reason, for programs. */
	readonly kind: string,
	/** The reason, for people. */
	readonly message: string,
} } |
/** A mounted remote query stands otherwise than before. */
{ readonly type: "remote"; readonly data: RemoteState } |
/** An event that carries no resources, for the app's listeners. */
{ readonly type: "event"; readonly data: unknown } |
/** Read these values from the storage and pass them to `loaded`, or report with `load_failed`. */
{ readonly type: "load"; readonly data: {
	/** The keys. */
	readonly keys: readonly string[],
} } |
/** The storage could not be read or written; the cache goes on in memory. */
{ readonly type: "storage"; readonly data: ErrorInfo } |
/** A message in the stream was refused; the cache goes on without it. */
{ readonly type: "refused"; readonly data: ErrorInfo };

/** Who, when and where in the stream an event is. */
export type Envelope = {
	/** Unique id of the event. */
	readonly id: string,
	/** RFC 3339; informational, order comes from `sequence`. */
	readonly timestamp: string,
	/** The scope. */
	readonly library_id: string,
	/** Counts by one within a scope and epoch, from 1. */
	readonly sequence: number,
	/** The mutation whose outcome this is; on the last event of that mutation only. */
	readonly mutation_id?: string | null,
	/** The sequence before this one in a filtered subscription. */
	readonly previous?: number | null,
};

/** An error as host languages see it. */
export type ErrorInfo = {
	/** A stable name of the error, for programs. */
	readonly kind: string,
	/** What was wrong and what to do, for people. */
	readonly message: string,
};

/** One event of a scope's stream. */
export type Event = {
	/** Who, when, where in the stream. */
	readonly envelope: Envelope,
	/** What happened. */
	readonly kind: EventKind,
};

/** What happened. */
export type EventKind =
/** One resource was created or changed. */
{ readonly type: "ResourceChanged"; readonly data: {
	/** E.g. `file`. */
	readonly resource_type: string,
	/** The resource, or for merging types the changed part of it. */
	readonly resource: unknown,
	/** How to apply it. */
	readonly metadata?: Metadata | null,
} } |
/** Several resources of one type were created or changed. */
{ readonly type: "ResourceBatchChanged"; readonly data: {
	/** E.g. `file`. */
	readonly resource_type: string,
	/** The resources. */
	readonly resources: readonly unknown[],
	/** What made them change, e.g. `index`. */
	readonly operation?: string | null,
	/** How to apply them. */
	readonly metadata?: Metadata | null,
} } |
/** One resource is gone. */
{ readonly type: "ResourceDeleted"; readonly data: {
	/** E.g. `file`. */
	readonly resource_type: string,
	/** Its id. */
	readonly resource_id: string,
} } |
/** Many resources changed; the event carries none of them. */
{ readonly type: "BulkOperationCompleted"; readonly data: {
	/** E.g. `file`. */
	readonly resource_type: string,
	/** How many changed. */
	readonly affected_count: number,
	/** Names the operation. */
	readonly operation_token: string,
	/** What a client may want to ask again. */
	readonly hints: unknown,
} } |
/** Everything is stale. */
{ readonly type: "Refresh" };

/**
 * What a query costs, and how its rows are found.
 *
 * Equal queries, and those that differ only in what part they show, share one view: the rows that match, in order.
 */
export type Explanation = {
	/**
	 * How the rows were found when the view was made: `ids` that the filter names, an index of `values` or of `words`, or a `scan` of
	 * all rows.
	 */
	readonly foundBy: string,
	/** How many rows were looked at then. */
	readonly rowsScanned: number,
	/** The field by whose value a row that changes finds the view; without one, every row that changes is tried on it. */
	readonly route: string | null,
	/** How often a row that changed was tried on the view since. */
	readonly timesEvaluated: number,
	/** How many rows match. */
	readonly matches: number,
	/** How many of them come before the window. */
	readonly first: number,
	/** How many of them the window shows. */
	readonly shown: number,
	/** How many mounted queries have the view, each with a window of its own; 0 if it was made for this explanation only. */
	readonly mounted: number,
	/** Bytes of the rows' order. */
	readonly viewBytes: number,
	/** The columns of the fields that the filter and the order read. */
	readonly columns: readonly ColumnCost[],
	/** The indexes that it uses, or keeps for queries like it. */
	readonly indexes: readonly IndexCost[],
};

/**
 * What an event's resource does to one top-level field of the cached one.
 *
 * It holds for events; the optimistic operations of a mutation say themselves what becomes of a row. A field that merges
 * (`deep`, `union`) stays as it is when an event leaves it out. An event whose `metadata.no_merge_fields` names the field
 * replaces it: so elements are taken out of a union.
 */
export type FieldMerge =
/** The event's value replaces the cached one whole. */
"replace" |
/** Objects are merged member by member; every other value, arrays too, is replaced. */
"deep" |
/**
 * Arrays are sets: the elements of both, each once, in the order in which they first come. Two strings are the same
 * element when they say the same; other elements when they are written the same, so `1` and `1.0` are two, and so are
 * objects whose keys are in another order. A value that is not an array is replaced.
 */
"union";

/** What a field of a packed row holds. */
export type FieldType =
/** A string. */
"text" |
/** `true` or `false`. */
"bool" |
/** An integer. */
"int" |
/** Any number. */
"float" |
/** A UUID, a string in JSON. */
"uuid" |
/** A moment, a string as in RFC 3339 in JSON. */
"timestamp" |
/** Any value, handed on as JSON text. */
"json" |
/** A value that may be null or not there. */
({ readonly optional: FieldType }) & { readonly list?: never; readonly map?: never; readonly struct?: never } |
/** An array. */
({ readonly list: FieldType }) & { readonly map?: never; readonly optional?: never; readonly struct?: never } |
/** An object with keys of any name. */
({ readonly map: FieldType }) & { readonly list?: never; readonly optional?: never; readonly struct?: never } |
/** An object with these fields. */
({ readonly struct: readonly LayoutField[] }) & { readonly list?: never; readonly map?: never; readonly optional?: never };

/** What is in the field of a relation. */
export type Holds =
/** The id, or an array of ids, of the other resources. */
"ids" |
/**
 * The other resource itself, or an array of them; ids in their place are taken as well. The relation must have the field's
 * name.
 */
"resources" |
/** Nothing: the field is one of the other type, and holds the id, or an array of ids, of this one. */
"reverse";

/** Rows by the values or words of one field, for all queries that ask for some. */
export type IndexCost = {
	/** `values` or `words`. */
	readonly kind: string,
	/** Whose rows. */
	readonly resourceType: string,
	/** The field. */
	readonly field: string,
	/** Bytes. */
	readonly bytes: number,
};

/** One field of a packed row. */
export type LayoutField = {
	/** The field's name in JSON. */
	readonly name: string,
	/** What it holds. */
	readonly type: FieldType,
};

/** How large what comes from outside may be; what is larger is refused with an error. */
export type Limits = {
	/** Bytes of one message. Default: 256 MiB. */
	readonly maxEventBytes?: number,
	/** Bytes of one string, as written. Default: 16 MiB. */
	readonly maxStringBytes?: number,
	/** Levels of nesting in one message. Default: 64. */
	readonly maxDepth?: number,
	/** Resources in one event. Default: 1,000,000. */
	readonly maxEntities?: number,
	/** Events held back while one before them is missing. Default: 256. */
	readonly maxHeldEvents?: number,
	/** Resource types that were not declared but are stored. Default: 256. */
	readonly maxUnknownTypes?: number,
};

/**
 * How much the cache keeps. What is not given has no limit.
 *
 * Rows that something refers to stay whatever the budget says: those that match a mounted query, are shown inside of others, are
 * pinned, or have pending edits. Of the others, those that were not used for longest go: to the disk, if there is a storage, from where
 * they come back when a query needs them; otherwise altogether.
 */
export type MemoryConfig = {
	/** Bytes of rows in memory. */
	readonly bytes?: number | null,
	/** Entities in memory. */
	readonly entities?: number | null,
	/** Bytes of rows in the storage. Beyond it, those that are not in memory and were written longest ago are deleted there, too. */
	readonly diskBytes?: number | null,
};

/** What an event's resource does to the cached one. */
export type MergePolicy =
/** It replaces the cached one whole. */
"replace" |
/** Its fields are merged into the cached one, objects member by member; arrays are replaced. */
"deep";

/** How to apply the resources of an event. */
export type Metadata = {
	/** Replace these top-level fields whole even where the type merges. */
	readonly no_merge_fields?: readonly string[],
	/** The one entity of this event also answers to these ids. */
	readonly alternate_ids?: readonly string[],
	/**
	 * Paths that the event is about: texts, or objects that have a text `path` at any depth. Results of remote queries that
	 * depend on them are stale.
	 */
	readonly affected_paths?: readonly unknown[],
};

/** How the answers of one method of the backend are cached. */
export type MethodConfig = {
	/**
	 * How long an answer is good for, where neither the query nor the answer says it; without it, until something makes it
	 * wrong.
	 */
	readonly ttlMs?: number | null,
};

/** A named user action with its optimistic operations. */
export type Mutation = {
	/** Unique for ever; the same id sent again has no second effect. */
	readonly id: string,
	/** Which action, e.g. `files.rename`. */
	readonly name: string,
	/** Its arguments, as the backend expects them. */
	readonly args: unknown,
	/**
	 * Edits of the same name with the same key replace each other while they have not been sent, e.g. the id of the field that
	 * the user is typing in: only the last is sent. For edits that set something to a value, not for those that add to it.
	 */
	readonly coalesce?: string | null,
	/** What is visible until the backend has answered. */
	readonly optimistic?: readonly Operation[],
};

/** How far a mutation got. */
export type MutationState =
/** Not sent yet. */
"queued" |
/** Sent, not answered. */
"in_flight" |
/** Accepted; its event has not arrived yet. */
"acked" |
/** Not sent, because an earlier edit of the same entity was refused: `retry` sends it all the same, `discard` takes it back. */
"held";

/** One change to one entity, made over whatever is confirmed; data, so that it survives a restart. */
export type Operation =
/** The entity is this, whether it was there or not. */
{ readonly type: "upsert"; readonly data: {
	/** E.g. `tag`. */
	readonly resource_type: string,
	/** The whole resource, with its id. */
	readonly resource: unknown,
} } |
/** These fields of the entity change; nothing happens where it is not there. */
{ readonly type: "merge"; readonly data: {
	/** E.g. `file`. */
	readonly resource_type: string,
	/** Which one. */
	readonly id: string,
	/** The fields; objects are merged member by member, arrays are replaced. */
	readonly fields: unknown,
} } |
/** The entity is not there. */
{ readonly type: "delete"; readonly data: {
	/** E.g. `file`. */
	readonly resource_type: string,
	/** Which one. */
	readonly id: string,
} };

/** A mutation that is not settled yet, as the app sees it. */
export type PendingMutation = {
	/** The mutation's id. */
	readonly id: string,
	/** Which action. */
	readonly name: string,
	/** How far it got. */
	readonly state: MutationState,
};

/** How the cache stands to its backend. */
export type Phase =
/** Not connected. */
"offline" |
/** A connection is being opened. */
"connecting" |
/** Connected; what was missed is coming in. */
"syncing" |
/** Everything up to now is here, and changes arrive as they happen. */
"live";

/** A registry as data. */
export type RegistrySpec = {
	/** The resource types. */
	readonly types?: readonly ResourceType[],
	/** What happens to resources of other types. Default: stored. */
	readonly unknownTypes?: UnknownTypes,
	/** Kinds of events to hand to the app's listeners unchanged, beside `Core…`, `Library…`, `Job…` and `Log…`. */
	readonly events?: readonly string[],
};

/** Why a backend refused a mutation. */
export type Rejection = {
	/** A stable name of the reason, for programs. */
	readonly kind: string,
	/** The reason, for people. */
	readonly message: string,
};

/** How resources of one type refer to those of another. */
export type Relation = {
	/** The type referred to. */
	readonly to: string,
	/** One or many. */
	readonly kind: RelationKind,
	/** The field that refers. */
	readonly field: string,
	/** What is in that field. Default: ids. */
	readonly holds?: Holds,
};

/** How many resources a relation leads to. */
export type RelationKind =
/** To one, or to none. */
"one" |
/** To any number. */
"many";

/** How a mounted remote query stands; its rows are in the patches. */
export type RemoteState = {
	/** The mounted query. */
	readonly query: number,
	/** Whether there is a result. */
	readonly status: RemoteStatus,
	/** The backend is being asked, or will be once it can be reached. */
	readonly isFetching: boolean,
	/** The result has expired, or was invalidated. */
	readonly isStale: boolean,
	/** Why the last question failed, if it did. */
	readonly error: ErrorInfo | null,
	/** The backend has more than what has been asked for so far. */
	readonly hasNextPage: boolean,
	/** How many entities the whole result has, if the backend says so. */
	readonly backendTotal: number | null,
};

/** Whether a remote query has a result. */
export type RemoteStatus =
/** There is none yet. */
"pending" |
/** There is one. */
"ready" |
/** The last question failed; there may be a result of before. */
"failed";

/** One kind of resource. */
export type ResourceType = {
	/** The name in events and queries, e.g. `file`. */
	readonly name: string,
	/** The top-level field that holds the id. Default: `id`. */
	readonly id?: string,
	/** The top-level field, an integer, that grows with each change: a resource with a smaller one than the cached is ignored. */
	readonly version?: string | null,
	/**
	 * How long, in milliseconds, a resource is good for after the backend sent it. Then it goes, from the disk too, as soon as nothing
	 * refers to it. Without it, for ever.
	 */
	readonly ttlMs?: number | null,
	/** What an event's resource does to the cached one. Default: replaces it. */
	readonly merge?: MergePolicy,
	/** Top-level fields with a policy of their own, whatever `merge` says. */
	readonly fields?: { readonly [key in string]: FieldMerge },
	/** How resources of this type refer to others, by name. */
	readonly relations?: { readonly [key in string]: Relation },
	/** Fields, or paths of fields, to index as rows come in, instead of when the first query asks for them. */
	readonly index?: readonly string[],
	/** The fields that hosts with packed rows read, in the order in which they read them. Without it they get JSON. */
	readonly layout?: readonly LayoutField[] | null,
};

/** Why an engine sends a whole copy instead of the events since the client's cursor. */
export type ResyncReason =
/** The client had no cursor. */
"first" |
/** The cursor counts in another log. */
"epoch_changed" |
/** The log no longer reaches back to the cursor. */
"log_compacted" |
/** A copy is cheaper than the events in between. */
"too_far_behind" |
/** A reason that this version does not know. */
"other";

/** How rows are written into patches; PROTOCOL.md, section 3. */
export type RowEncoding =
/** As JSON text. */
"json" |
/** As JSON text; of a row that the host holds, only the members that changed, where that is shorter. */
"changes" |
/**
 * Field by field, as the `layout` of the resource type says. It needs the feature `packed` of the crate: built
 * without it, the cache writes JSON, and each patch says so.
 */
"packed";

/** A message from an engine to a client, other than an event. */
export type ServerFrame =
/** Answer to `subscribe`. */
{ readonly type: "welcome"; readonly data: {
	/** `PROTOCOL_VERSION` of the engine. */
	readonly protocol: number,
	/** The library this connection is about. */
	readonly scope: string,
	/** The log that sequences count in. */
	readonly epoch: string,
	/** The newest sequence. */
	readonly sequence: number,
} } |
/** The events up to the next `synced` are a whole copy as of `sequence`. */
{ readonly type: "resync"; readonly data: {
	/** Why the events since the client's cursor would not do. */
	readonly reason: ResyncReason,
	/** The state that the copy shows. */
	readonly sequence: number,
} } |
/** Copy or catch-up is complete up to `sequence`. */
{ readonly type: "synced"; readonly data: {
	/** Everything up to here has been sent. */
	readonly sequence: number,
} } |
/** The mutation took effect. */
{ readonly type: "ack"; readonly data: {
	/** The mutation's id. */
	readonly id: string,
	/** The sequence of its event. */
	readonly sequence: number,
} } |
/** The mutation was refused and had no effect. */
{ readonly type: "reject"; readonly data: {
	/** The mutation's id. */
	readonly id: string,
	/** A stable name of the reason, for programs. */
	readonly kind: string,
	/** The reason, for people. */
	readonly message: string,
} } |
/** Answer to `query`. */
{ readonly type: "result"; readonly data: {
	/** The query's id. */
	readonly id: string,
	/** The answer; its shape belongs to the method. */
	readonly data: unknown,
} } |
/** The query failed. */
{ readonly type: "failed"; readonly data: {
	/** The query's id. */
	readonly id: string,
	/** A stable name of the reason, for programs. */
	readonly kind: string,
	/** The reason, for people. */
	readonly message: string,
} } |
/** What is watched is another than before: ask again. */
{ readonly type: "changed"; readonly data: {
	/** The id of the `watch`. */
	readonly id: string,
} } |
/** Answer to `ping`. */
{ readonly type: "pong"; readonly data: Record<string, never> } |
/** The connection did something wrong and is about to be closed. */
{ readonly type: "error"; readonly data: {
	/** A stable name of the reason, for programs. */
	readonly kind: string,
	/** The reason, for people. */
	readonly message: string,
} };

/** What the cache holds, and the work it has done since it was made. */
export type Stats = {
	/** Entities in memory. */
	readonly entities: number,
	/** Entities that are known and not in memory: on disk, or with the backend only. */
	readonly evicted: number,
	/** How many of those only the backend has. */
	readonly lost: number,
	/** Entities in memory that have to stay there: they match a mounted query, are shown in others, are pinned, or have pending edits. */
	readonly referenced: number,
	/** There is more in memory than the budget allows, because all of it has to stay, or is not on disk yet. */
	readonly overBudget: boolean,
	/** Entities by their types. */
	readonly types: readonly TypeStats[],
	/** Mutations that are not settled. */
	readonly pending: number,
	/** Bytes of rows in the storage. */
	readonly diskBytes: number,
	/** Bytes of their rows. */
	readonly rowBytes: number,
	/** Bytes of the buffers that rows are in, waste included. */
	readonly bufferBytes: number,
	/** Bytes of columns, ordered lists and indexes. */
	readonly indexBytes: number,
	/** Results of remote queries, those that nobody shows included. */
	readonly results: number,
	/** Bytes of their questions and ids. */
	readonly resultBytes: number,
	/** Mounted queries. */
	readonly queries: number,
	/** Distinct filters and orders among them. */
	readonly views: number,
	/** Indexes built for the values and words that queries ask for. */
	readonly indexes: number,
	/** How many have been built since the cache was made. */
	readonly indexesBuilt: number,
	/** How many of those have been dropped, because no query used them for a while. */
	readonly indexesDropped: number,
	/** Rows that the host holds objects for. */
	readonly hostRows: number,
	/** Resource types that were not declared. */
	readonly unknownTypes: number,
	/** Events applied. */
	readonly eventsApplied: number,
	/** Messages refused. */
	readonly eventsRefused: number,
	/** Rows that mounting queries looked at. */
	readonly rowsScanned: number,
	/** How often a changed row was tried on a view. */
	readonly viewsEvaluated: number,
	/** Rows put into patches. */
	readonly rowsSent: number,
	/** Rows with relations put in, put into patches as links between rows. */
	readonly nodesSent: number,
	/** Query changes put into patches. */
	readonly queriesSent: number,
	/** Rows put away because there were too many, or because they expired. */
	readonly rowsEvicted: number,
	/** Rows brought back from disk. */
	readonly rowsReloaded: number,
	/** Rows looked at to find some to put away. */
	readonly rowsWeighed: number,
};

/** How the cache stands to its backend and its storage. */
export type Status = {
	/** Connected or not. */
	readonly phase: Phase,
	/** Whether what changes is stored. */
	readonly storage?: StorageState,
	/** Mutations that are not settled. */
	readonly pending: number,
	/** The library, once known. */
	readonly library: string | null,
	/** How far the backend's stream has been followed. Opaque: it is the same as another or not, and nothing else. */
	readonly cursor: string | null,
};

/** How the cache stands to its storage. */
export type StorageState =
/** There is none: the cache is in memory only. */
"none" |
/** What was stored is being read back; results may lack rows. */
"restoring" |
/** What changes is stored. */
"ready" |
/** The storage could not be read or written; it is tried again with later changes. */
"failed";

/** What a client asks of the stream when it connects. */
export type Subscribe = {
	/** `PROTOCOL_VERSION` of the client. */
	readonly protocol: number,
	/** The library to subscribe to; without one, the engine's own. */
	readonly scope?: string | null,
	/** The cursor reached so far; without one, the client has nothing. */
	readonly since?: number | null,
	/** The log that `since` counts in. */
	readonly epoch?: string | null,
	/** Only these resource types; without it, all. */
	readonly types?: readonly string[] | null,
};

/** What the cache holds of one resource type. */
export type TypeStats = {
	/** Its name. */
	readonly resourceType: string,
	/** Entities in memory. */
	readonly entities: number,
	/** Entities that are known and not in memory. */
	readonly evicted: number,
};

/** What happens to resources of types that are not declared. */
export type UnknownTypes =
/** They are stored with the id field `id`, and counted. */
"store" |
/** The event is refused with an error, and counted. */
"refuse";

/** A value without parts; what fields are compared with. */
export type Scalar = string | number | boolean | null;

/** A field of a row: `name`, or `meta.camera.model` for a field of nested objects. */
export type FieldPath = string;

/** What is asked of one field; all of it must hold. A missing field equals `null`. */
export interface FieldTest {
  /** Same type and same value. */
  readonly eq?: Scalar;
  /** Not the same type and value. */
  readonly ne?: Scalar;
  /** Below; numbers with numbers, strings with strings (by their UTF-8 bytes). */
  readonly lt?: number | string;
  /** Below or equal. */
  readonly lte?: number | string;
  /** Above. */
  readonly gt?: number | string;
  /** Above or equal. */
  readonly gte?: number | string;
  /** Equals one of these. */
  readonly in?: readonly Scalar[];
  /** Null or missing (`true`), or neither (`false`). */
  readonly isNull?: boolean;
  /** An array with an element equal to this. */
  readonly contains?: Scalar;
  /** An array with an element for which this holds; paths begin at the element. */
  readonly some?: Where;
  /** Holds for every element of the array; true if there is none. */
  readonly every?: Where;
  /** Holds for no element of the array; true if there is none. */
  readonly none?: Where;
  /** A string that begins with this. */
  readonly startsWith?: string;
  /** A string that has this in it. */
  readonly includes?: string;
  /** `startsWith` and `includes` beside it disregard case. */
  readonly ignoreCase?: boolean;
  /** Text in which each of these words begins a word, whatever its case and diacritics. No words: holds. */
  readonly match?: string;
  /** A path below this folder, at any depth. Segments are divided by `/` or `\`. */
  readonly under?: string;
  /** A path directly in this folder. */
  readonly childOf?: string;
}

/** Conditions on fields: a scalar the field must equal, or a test. The key `match` with a {@link WordMatch} is about several. */
export interface FieldConditions {
  readonly [field: FieldPath]: Scalar | FieldTest | WordMatch;
}

/** All of these hold. */
export interface AllOf {
  readonly and: readonly Where[];
}

/** One of these holds; none does if the list is empty. */
export interface AnyOf {
  readonly or: readonly Where[];
}

/** This does not hold. */
export interface NotThis {
  readonly not: Where;
}

/** Each of these words begins a word of one of the fields, whatever its case and diacritics. No words: holds. */
export interface WordMatch {
  readonly text: string;
  /** The most important first, which counts for the order `relevance`. */
  readonly fields: readonly FieldPath[];
}

/**
 * Conditions on a row. All entries must hold; `{}` holds for every row. `and`, `or` and `not` may stand beside fields:
 * `{ kind: "image", or: [{ size: { gt: 1000 } }, { favorite: true }] }`.
 */
export type Where = FieldConditions | AllOf | AnyOf | NotThis;

/** Up or down. */
export type Direction = "asc" | "desc";

/** How rows are ordered by one field. */
export interface OrderOptions {
  /** Default `asc`. */
  readonly dir?: Direction;
  /** Where rows without a value go, whatever the direction. Default: `first` if ascending, `last` if descending. */
  readonly nulls?: "first" | "last";
  /** `natural` sorts text as people do: without case, and numbers in it by their value. Default `byte`. */
  readonly collate?: "byte" | "natural";
}

/** An object with one field. */
export interface FieldOrder {
  readonly [field: FieldPath]: Direction | OrderOptions;
}

/**
 * One key of the order: a field, or `relevance`, how well rows fit the `match` conditions that stand outside of `or` and `not`. Rows
 * equal by all keys are ordered by id.
 */
export type OrderKey = FieldOrder | "relevance";

/** A position in the order of a query. */
export interface Cursor {
  /** The values of the order keys there, one for each key of `orderBy`. */
  readonly values: readonly unknown[];
  /** The id there. */
  readonly id: string | number;
}

/** What part of the ordered result is wanted: what follows `after`, without the first `offset`, at most `limit`. */
export interface QueryWindow {
  /** How many rows at most; all without it. */
  readonly limit?: number;
  /** How many rows to leave out at the front. */
  readonly offset?: number;
  /** Only rows after this position. */
  readonly after?: Cursor;
}

/** What is taken of a relation: `true` for all there is. A relation to one resource takes `true` or `include` only. */
export type Include =
  | true
  | {
      /** Which of them; all without it. */
      readonly where?: Where;
      /** In which order; without it, that of their ids in the row, or by id where the row does not name them. */
      readonly orderBy?: readonly OrderKey[];
      /** How many at most; all without it. */
      readonly limit?: number;
      /** How many to leave out at the front. */
      readonly offset?: number;
      /** Relations of theirs to follow in turn. */
      readonly include?: Includes;
    };

/** Relations to follow, by name: each row comes with what they lead to, in a field of that name. */
export interface Includes {
  readonly [relation: string]: Include;
}

/** A figure about all rows that match. Null, missing fields, arrays and objects are left out of all but `count`. */
export type Aggregate =
  /** How many rows. */
  | "count"
  /** The exact sum of the numbers, as the nearest double; 0 if there is none. */
  | { readonly sum: FieldPath }
  /** The mean of the numbers; null if there is none. */
  | { readonly avg: FieldPath }
  /** The smallest value: false, true, numbers, strings by their UTF-8 bytes; null if there is none. */
  | { readonly min: FieldPath }
  /** The largest value; null if there is none. */
  | { readonly max: FieldPath }
  /** How many different values. */
  | { readonly distinct: FieldPath };

/** Aggregates by the names that they have in the result. */
export interface Aggregates {
  readonly [name: string]: Aggregate;
}

/** Which rows of a resource type, in which order, and what part of them. Plain data; equal queries share one result. */
export interface Query extends QueryWindow {
  /** The resource type. */
  readonly from: string;
  /** Which rows; all without it. */
  readonly where?: Where;
  /** In which order; by id without it. */
  readonly orderBy?: readonly OrderKey[];
  /** Relations to follow. */
  readonly include?: Includes;
  /** What to find out about all rows that match, whatever the window; about each group where there is `groupBy`. */
  readonly aggregate?: Aggregates;
  /**
   * The result's rows are groups: one for each combination of the values of these fields, with these values and the
   * aggregates. `orderBy` takes these fields and the names of aggregates; groups are ordered by these fields without it.
   */
  readonly groupBy?: readonly FieldPath[];
}

/** A folder. */
export interface Scope {
  readonly path: string;
  /** All below it too (the default), or only what is directly in it. */
  readonly recursive?: boolean;
}

/** A folder and all below it, or as it is said. */
export type ScopeName = string | Scope;

/** An entity. */
export interface EntityName {
  readonly type: string;
  readonly id: string | number;
}

/** Names results of remote queries: all to which any part of it applies. */
export interface Invalidation {
  /** Every result. */
  readonly all?: boolean;
  /** Results that have to do with these resource types. */
  readonly types?: readonly string[];
  /** Results of these methods; `files.*` stands for all that begin so. */
  readonly methods?: readonly string[];
  /** Results whose answers said that they depend on one of these places; a text stands for all below it. */
  readonly scopes?: readonly ScopeName[];
  /** Results that list one of these entities. */
  readonly entities?: readonly EntityName[];
}
