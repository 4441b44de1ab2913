// Apollo Client's InMemoryCache: answers of the server are written as queries, events as fragments, subscribers watch.
import { gql, InMemoryCache } from "@apollo/client";
import { read } from "../events.mjs";
import { CANNOT, FILE_FIELDS, TAG, typed, typedTag, variablesOf } from "./graphql_fields.mjs";

export const packages = ["@apollo/client"];
export const cannot = CANNOT;

const ALL = { file: gql`query { allFiles { ${FILE_FIELDS} } }`, tag: gql`query { allTags { ${TAG.join(" ")} } }` };
const LIST = gql`query($parent_id: String, $first: Int) { files(parent_id: $parent_id, first: $first) { ${FILE_FIELDS} } }`;
const LIST_WITH_TAGS = gql`
  query($parent_id: String, $first: Int) {
    files(parent_id: $parent_id, first: $first) { ${FILE_FIELDS} tags { ${TAG.join(" ")} } }
  }
`;
const FRAGMENT = {
  file: gql`fragment WholeFile on File { ${FILE_FIELDS} }`,
  tag: gql`fragment WholeTag on Tag { ${TAG.join(" ")} }`,
};
const queryOf = ({ include }) => (include ? LIST_WITH_TAGS : LIST);

export async function open() {
  const cache = new InMemoryCache();
  let edits = 0;
  return {
    ingest(text) {
      const { type, rows } = read(text);
      const data = type === "file" ? { allFiles: rows.map(typed) } : { allTags: rows.map(typedTag) };
      cache.writeQuery({ query: ALL[type], data });
    },
    prepare(query, rows) {
      cache.writeQuery({ query: queryOf(query), variables: variablesOf(query), data: { files: rows.map(typed) } });
    },
    apply(text) {
      const { type, rows, gone } = read(text);
      if (gone !== undefined) cache.evict({ id: `File:${gone}` });
      else cache.writeFragment({ fragment: FRAGMENT[type], data: type === "file" ? typed(rows[0]) : typedTag(rows[0]) });
    },
    mount(query, show) {
      const callback = ({ result }) => show(result.files);
      cache.watch({ query: queryOf(query), variables: variablesOf(query), optimistic: true, immediate: true, callback });
    },
    optimistic(id, fields) {
      const edit = `edit ${++edits}`;
      const fragment = gql`fragment Edited on File { ${Object.keys(fields).join(" ")} }`;
      cache.recordOptimisticTransaction((layer) => layer.writeFragment({ id: `File:${id}`, fragment, data: { __typename: "File", ...fields } }), edit);
      return () => cache.removeOptimistic(edit);
    },
    save: () => JSON.stringify(cache.extract()),
    restore: (saved) => void cache.restore(JSON.parse(saved)),
  };
}
