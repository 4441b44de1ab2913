// Relay's store: payloads are committed and normalized as answers of a server are. The artifacts are as relay-compiler writes
// them, made here because there is nothing to compile.
import relay from "relay-runtime";
import { read } from "../events.mjs";
import { CANNOT, IDENTITY, SCALARS, TAG, variablesOf } from "./graphql_fields.mjs";

const { createOperationDescriptor, Environment, Network, Observable, RecordSource, Store } = relay;
export const packages = ["relay-runtime"];
export const cannot = CANNOT;

const scalar = (name) => ({ alias: null, args: null, kind: "ScalarField", name, storageKey: null });
const linked = (name, concreteType, plural, selections, args = null) => ({
  alias: null, args, concreteType, kind: "LinkedField", name, plural, selections, storageKey: null,
});
const FILE = [...SCALARS.map(scalar), linked("content_identity", "ContentIdentity", false, IDENTITY.map(scalar))];
const TAGS = TAG.map(scalar);

function request(name, names, selections) {
  const argumentDefinitions = names.map((name) => ({ defaultValue: null, kind: "LocalArgument", name }));
  return {
    fragment: { argumentDefinitions, kind: "Fragment", metadata: null, name, selections, type: "Query", abstractKey: null },
    kind: "Request",
    operation: { argumentDefinitions, kind: "Operation", name, selections },
    params: { cacheID: name, id: null, metadata: {}, name, operationKind: "query", text: `query ${name}` },
  };
}
const variable = (name) => ({ kind: "Variable", name, variableName: name });
const LIST_ARGUMENTS = ["first", "parent_id"];
const list = (name, selections) => request(name, LIST_ARGUMENTS, [linked("files", "File", true, selections, LIST_ARGUMENTS.map(variable))]);
const LIST = list("List", FILE);
const LIST_WITH_TAGS = list("ListWithTags", [...FILE, linked("tags", "Tag", true, TAGS)]);
const ALL = { file: request("AllFiles", [], [linked("all", "File", true, FILE)]), tag: request("AllTags", [], [linked("all", "Tag", true, TAGS)]) };
const ONE = {
  file: request("OneFile", ["id"], [linked("file", "File", false, FILE, [variable("id")])]),
  tag: request("OneTag", ["id"], [linked("tag", "Tag", false, TAGS, [variable("id")])]),
};

export async function open() {
  let environment;
  const make = (records) => {
    const network = Network.create(() => Observable.from(new Promise(() => {})));
    environment = new Environment({ network, store: new Store(new RecordSource(records)) });
  };
  make();
  const commit = (artifact, variables, payload) => environment.commitPayload(createOperationDescriptor(artifact, variables), payload);
  const listOf = (query) => (query.include ? LIST_WITH_TAGS : LIST);
  return {
    ingest(text) {
      const { type, rows } = read(text);
      commit(ALL[type], {}, { all: rows });
    },
    prepare: (query, rows) => commit(listOf(query), variablesOf(query), { files: rows }),
    apply(text) {
      const { type, rows, gone } = read(text);
      if (gone !== undefined) environment.commitUpdate((store) => store.delete(gone));
      else commit(ONE[type], { id: rows[0].id }, { [type]: rows[0] });
    },
    mount(query, show) {
      const operation = createOperationDescriptor(listOf(query), variablesOf(query));
      environment.retain(operation);
      // A deleted record leaves a hole in each list that had it.
      const deliver = ({ data }) => show(data.files.includes(null) ? data.files.filter((row) => row !== null) : data.files);
      const snapshot = environment.lookup(operation.fragment);
      environment.subscribe(snapshot, deliver);
      deliver(snapshot);
    },
    optimistic(id, fields) {
      const edit = environment.applyUpdate({
        storeUpdater: (store) => Object.entries(fields).forEach(([name, value]) => store.get(id).setValue(value, name)),
      });
      return () => edit.dispose();
    },
    save: () => JSON.stringify(environment.getStore().getSource().toJSON()),
    restore: (saved) => make(JSON.parse(saved)),
  };
}
