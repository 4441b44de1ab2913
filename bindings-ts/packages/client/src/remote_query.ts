import { LarderError } from "./errors.js";
import type { Query, RemoteState, RemoteStatus } from "./generated.js";
import { type LiveQuery, LiveView, type Mounts } from "./live_query.js";
import { EMPTY_RESULT, type QueryResult } from "./result.js";

/** What the backend is asked, and how its answer is cached; the keys of a query beside it say what is shown of it. */
export interface RemoteOptions {
  /** The backend's method. */
  readonly method: string;
  /** What it is asked with; JSON. An object, if there can be more than one page. */
  readonly input?: unknown;
  /**
   * Whether a result that is cached will do.
   * - `cache_first` (the default): it is shown, and the backend is asked only if there is none or it has expired;
   * - `stale_while_revalidate`: it is shown, and the backend is asked as well, also when it expires;
   * - `network_only`: nothing is shown before the backend has answered;
   * - `cache_only`: the backend is not asked.
   */
  readonly policy?: "cache_first" | "stale_while_revalidate" | "network_only" | "cache_only";
  /** For so many milliseconds an answer is good, whatever the backend says. */
  readonly ttl?: number;
}

/** What a remote query shows at one moment; as with {@link QueryResult}, the same object as long as nothing in it changed. */
export interface RemoteResult<T = unknown> extends QueryResult<T> {
  /** Whether there is a result: `pending`, `ready`, or `failed`, which leaves what was there before. */
  readonly status: RemoteStatus;
  /** The backend is being asked, or will be once it can be reached. */
  readonly isFetching: boolean;
  /** The result has expired or was invalidated. */
  readonly isStale: boolean;
  /** Why the last question failed, if it did. */
  readonly error: LarderError | null;
  /** The backend has more than what it was asked for so far. */
  readonly hasNextPage: boolean;
  /** How many entities the whole result has, if the backend says so. */
  readonly backendTotal: number | null;
}

/** A query that the backend answers, with its result kept up to date. */
export interface RemoteQuery<T = unknown> extends LiveQuery<T> {
  readonly query: Query & RemoteOptions;
  readonly getSnapshot: () => RemoteResult<T>;
  /** Asks the backend again. */
  readonly refetch: () => void;
  /** Asks the backend for what comes next, which is put behind what is there. */
  readonly fetchNextPage: () => void;
}

/** The result of a remote query that has none yet. */
export const EMPTY_REMOTE: RemoteResult<never> = {
  ...EMPTY_RESULT,
  status: "pending",
  isFetching: false,
  isStale: false,
  error: null,
  hasNextPage: false,
  backendTotal: null,
};

/** Asks the core for more than what is mounted. */
export type AskAgain = (call: "refetch" | "next_page", view: LiveView) => void;

/** A remote query of one cache; all who ask for an equal one share it. */
export class RemoteView extends LiveView implements RemoteQuery {
  declare readonly query: Query & RemoteOptions;
  readonly #ask: AskAgain;
  readonly #read: () => QueryResult;
  #state: Omit<RemoteResult, keyof QueryResult> = EMPTY_REMOTE;
  #shown: RemoteResult = EMPTY_REMOTE;
  #shownOf: unknown[] = [EMPTY_RESULT, EMPTY_REMOTE];

  constructor(query: Query & RemoteOptions, text: string, mounts: Mounts, ask: AskAgain) {
    super(query, text, mounts);
    this.#ask = ask;
    this.#read = this.getSnapshot;
    this.getSnapshot = () => this.#join(this.#read());
  }

  declare getSnapshot: () => RemoteResult;

  readonly refetch = (): void => {
    this.#askAgain("refetch");
  };

  readonly fetchNextPage = (): void => {
    this.#askAgain("next_page");
  };

  /** It stands otherwise than before. */
  stand({ error, ...state }: RemoteState): void {
    this.#state = { ...state, error: error === null ? null : new LarderError(error.kind, error.message) };
  }

  #askAgain(call: "refetch" | "next_page"): void {
    // Which mounts it, if nobody has.
    this.#read();
    this.#ask(call, this);
  }

  #join(result: QueryResult): RemoteResult {
    if (this.#shownOf[0] !== result || this.#shownOf[1] !== this.#state) {
      this.#shownOf = [result, this.#state];
      this.#shown = { ...this.#state, ...result };
    }
    return this.#shown;
  }
}
