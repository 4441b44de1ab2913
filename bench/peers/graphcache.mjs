// urql with Graphcache. The exchange behind it stands for the network: it answers queries with what the server would, sends
// events as results of subscriptions, and refuses mutations.
import { Client, CombinedError, createRequest, gql, makeErrorResult, makeResult } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { makeSubject, merge, mergeMap, fromValue, never, pipe, subscribe } from "wonka";
import { read } from "../events.mjs";
import { CANNOT, FILE_FIELDS, TAG, typed, typedTag, variablesOf } from "./graphql_fields.mjs";

export const packages = ["@urql/exchange-graphcache", "@urql/core"];
export const cannot = { ...CANNOT, W8: "writes changes to its storage in the background, piece by piece; there is nothing to save at one time" };

const ALL = { file: gql`query AllFiles { allFiles { ${FILE_FIELDS} } }`, tag: gql`query AllTags { allTags { ${TAG.join(" ")} } }` };
const LIST = gql`query List($parent_id: String, $first: Int) { files(parent_id: $parent_id, first: $first) { ${FILE_FIELDS} } }`;
const LIST_WITH_TAGS = gql`
  query ListWithTags($parent_id: String, $first: Int) {
    files(parent_id: $parent_id, first: $first) { ${FILE_FIELDS} tags { ${TAG.join(" ")} } }
  }
`;
const EVENTS = {
  file: gql`subscription FileChanged { file { ${FILE_FIELDS} } }`,
  tag: gql`subscription TagChanged { tag { ${TAG.join(" ")} } }`,
  gone: gql`subscription FileGone { gone }`,
};
const EDIT = gql`mutation Edit($id: String!, $size: Int) { edit(id: $id, size: $size) { id size } }`;

export async function open() {
  const answers = new Map(); // what the server would answer to a request
  const streams = new Map(); // subscriptions by key
  const refusals = makeSubject();
  const network = () => (operations$) =>
    merge([
      refusals.source,
      pipe(
        operations$,
        mergeMap((operation) => {
          if (operation.kind === "query") return answers.has(operation.key) ? fromValue(makeResult(operation, { data: answers.get(operation.key) })) : never;
          if (operation.kind === "mutation") refused.push(operation);
          if (operation.kind !== "subscription") return never;
          const subject = makeSubject();
          streams.set(operation.key, (data) => subject.next(makeResult(operation, { data })));
          return subject.source;
        }),
      ),
    ]);
  const refused = [];
  const client = new Client({
    url: "http://localhost/graphql",
    exchanges: [
      cacheExchange({
        keys: { ContentIdentity: () => null },
        optimistic: { edit: ({ id, size }) => ({ __typename: "File", id, size }) },
        updates: {
          Subscription: {
            gone({ gone }, _arguments, cache) {
              // The lists that show it are corrected by hand, as the documentation has it.
              const key = `File:${gone}`;
              for (const { fieldName, fieldKey, arguments: given } of cache.inspectFields("Query")) {
                if (fieldName !== "files") continue;
                const list = cache.resolve("Query", fieldKey);
                if (list.includes(key)) cache.link("Query", fieldName, given, list.filter((one) => one !== key));
              }
              cache.invalidate(key);
            },
          },
        },
      }),
      network,
    ],
  });
  const listen = (request) => pipe(client.executeSubscription(request), subscribe(() => {}));
  const requests = Object.fromEntries(Object.entries(EVENTS).map(([type, document]) => [type, createRequest(document, {})]));
  for (const request of Object.values(requests)) listen(request);

  function answer(request, data) {
    answers.set(request.key, data);
    pipe(client.executeQuery(request, { requestPolicy: "network-only" }), subscribe(() => {})).unsubscribe();
    answers.delete(request.key);
  }
  const requestOf = (query) => createRequest(query.include ? LIST_WITH_TAGS : LIST, variablesOf(query));

  return {
    // It asks its queries anew in a microtask.
    settle: () => new Promise(setImmediate),
    ingest(text) {
      const { type, rows } = read(text);
      answer(createRequest(ALL[type], {}), type === "file" ? { allFiles: rows.map(typed) } : { allTags: rows.map(typedTag) });
    },
    prepare: (query, rows) => answer(requestOf(query), { files: rows.map(typed) }),
    apply(text) {
      const { type, rows, gone } = read(text);
      if (gone !== undefined) streams.get(requests.gone.key)({ gone });
      else streams.get(requests[type].key)({ [type]: type === "file" ? typed(rows[0]) : typedTag(rows[0]) });
    },
    mount(query, show) {
      pipe(client.executeQuery(requestOf(query), { requestPolicy: "cache-only" }), subscribe(({ data }) => data && show(data.files)));
    },
    optimistic(id, fields) {
      pipe(client.executeMutation(createRequest(EDIT, { id, ...fields })), subscribe(() => {}));
      return () => {
        for (const operation of refused.splice(0)) refusals.next(makeErrorResult(operation, new CombinedError({ networkError: new Error("refused") })));
      };
    },
  };
}
