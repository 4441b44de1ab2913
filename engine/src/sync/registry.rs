//! All models that sync, each after those it depends on.

use std::collections::BTreeMap;

use super::model::{ModelInfo, Payload, Syncable};
use super::table::{Rows, Table};

/// Why models cannot sync together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum RegistryError {
    #[error("two models are called `{0}`: give one of them another name")]
    Twice(&'static str),
    #[error("`{model}.{field}` leads to `{to}`, which does not sync: register it, or exclude the field")]
    Unknown { model: &'static str, field: &'static str, to: &'static str },
    #[error(
        "no order can send these models, each depends on the next: {}; make one of the fields an `Option` with `refers_to`",
        .0.join(" -> ")
    )]
    Cycle(Vec<String>),
}

/// The models of a library, in the order in which their rows are sent.
#[derive(Debug)]
pub(crate) struct Registry {
    tables: Vec<Box<dyn Table>>,
}

impl Registry {
    /// Orders the models.
    pub(crate) fn new(tables: Vec<Box<dyn Table>>) -> Result<Self, RegistryError> {
        let infos: Vec<&ModelInfo> = tables.iter().map(|table| table.info()).collect();
        let places = order(&infos)?;
        let mut tables: Vec<(usize, Box<dyn Table>)> = places.into_iter().zip(tables).collect();
        tables.sort_by_key(|(place, _)| *place);
        Ok(Self { tables: tables.into_iter().map(|(_, table)| table).collect() })
    }

    /// All models, in order.
    pub(crate) fn tables(&self) -> impl Iterator<Item = &dyn Table> {
        self.tables.iter().map(Box::as_ref)
    }

    /// The model of this name.
    pub(crate) fn table(&self, model: &str) -> Option<&dyn Table> {
        self.tables().find(|table| table.info().name == model)
    }

    /// The models whose rows go with rows of `model`, and the fields that say with which.
    pub(crate) fn dependents(&self, model: &str) -> impl Iterator<Item = (&dyn Table, &'static str)> {
        self.tables().flat_map(move |table| {
            let there = table.info().depends_on.iter().filter(move |reference| reference.model == model);
            there.map(move |reference| (table, reference.field))
        })
    }

    /// The rows that a row with this payload depends on.
    pub(crate) fn needs(info: &ModelInfo, payload: &Payload) -> Vec<(&'static str, String)> {
        info.depends_on
            .iter()
            .filter_map(|reference| {
                Some((reference.model, payload.get(reference.field)?.as_str()?.to_owned()))
            })
            .collect()
    }
}

/// A model of the registry.
pub(crate) fn model<M: Syncable + 'static>() -> Box<dyn Table>
where
    Rows<M>: Table,
{
    Box::new(Rows::<M>::default())
}

/// The place of each model: after all that it depends on, then by domain, priority and name.
fn order(infos: &[&ModelInfo]) -> Result<Vec<usize>, RegistryError> {
    let mut by_name = BTreeMap::new();
    for (index, info) in infos.iter().enumerate() {
        if by_name.insert(info.name, index).is_some() {
            return Err(RegistryError::Twice(info.name));
        }
    }
    for info in infos {
        for reference in info.depends_on.iter().chain(info.refers_to) {
            if !by_name.contains_key(reference.model) {
                let (field, to) = (reference.field, reference.model);
                return Err(RegistryError::Unknown { model: info.name, field, to });
            }
        }
    }
    let mut places = vec![None; infos.len()];
    for place in 0..infos.len() {
        let is_placed = |name: &str| by_name.get(name).is_some_and(|index: &usize| places[*index].is_some());
        let next = (0..infos.len())
            .filter(|index| places[*index].is_none())
            .filter(|index| infos[*index].depends_on.iter().all(|reference| is_placed(reference.model)))
            .min_by_key(|index| (infos[*index].domain, infos[*index].priority, infos[*index].name));
        match next {
            Some(index) => places[index] = Some(place),
            None => {
                let left = infos.iter().zip(&places).filter(|(_, place)| place.is_none());
                return Err(RegistryError::Cycle(cycle(&left.map(|(info, _)| *info).collect::<Vec<_>>())));
            }
        }
    }
    Ok(places.into_iter().flatten().collect())
}

/// A way from a model back to itself among models of which none can come first.
fn cycle(left: &[&ModelInfo]) -> Vec<String> {
    let mut way: Vec<(&'static str, String)> = Vec::new();
    let mut at = left.first().copied();
    while let Some(info) = at {
        if let Some(start) = way.iter().position(|(name, _)| *name == info.name) {
            let mut path: Vec<String> = way.drain(start..).map(|(_, step)| step).collect();
            path.push(info.name.to_owned());
            return path;
        }
        let next = info
            .depends_on
            .iter()
            .find_map(|to| Some((to, left.iter().find(|other| other.name == to.model).copied()?)));
        way.push((info.name, format!("{}.{}", info.name, next.map_or("", |(to, _)| to.field))));
        at = next.map(|(_, next)| next);
    }
    way.into_iter().map(|(_, step)| step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::{Domain, Reference, Strategy};

    const fn info(
        name: &'static str,
        domain: Domain,
        depends_on: &'static [Reference],
        refers_to: &'static [Reference],
    ) -> ModelInfo {
        ModelInfo {
            name,
            strategy: Strategy::DeviceOwned,
            merge_with: None,
            is_selective: false,
            domain,
            priority: 50,
            key: &["id"],
            fields: &["id"],
            depends_on,
            refers_to,
            version: None,
            added: None,
            shows: None,
        }
    }

    const fn to(field: &'static str, model: &'static str) -> Reference {
        Reference { field, model }
    }

    const TO_FILE: &[Reference] = &[to("file_id", "file")];
    const TO_METADATA: &[Reference] = &[to("metadata_id", "metadata")];
    const TO_BOTH: &[Reference] = &[to("file_id", "file"), to("metadata_id", "metadata")];

    fn names(infos: &[ModelInfo]) -> Result<Vec<&'static str>, RegistryError> {
        let infos: Vec<&ModelInfo> = infos.iter().collect();
        let mut placed: Vec<_> = order(&infos)?.into_iter().zip(infos).collect();
        placed.sort_by_key(|(place, _)| *place);
        Ok(placed.into_iter().map(|(_, info)| info.name).collect())
    }

    #[test]
    fn a_model_comes_after_those_it_depends_on_and_the_index_first() {
        use Domain::{Index, UserMetadata};
        let infos = [
            info("album", UserMetadata, &[], &[]),
            info("link", Index, TO_BOTH, &[]),
            info("metadata", UserMetadata, TO_FILE, &[]),
            info("file", Index, &[], &[]),
            info("volume", Index, &[], &[]),
        ];
        assert_eq!(names(&infos).unwrap(), ["file", "volume", "album", "metadata", "link"]);
    }

    #[test]
    fn a_cycle_is_refused_with_its_path() {
        let infos = [
            info("before", Domain::Index, &[], &[]),
            info("leads_in", Domain::Index, TO_FILE, &[]),
            info("file", Domain::Index, TO_METADATA, &[]),
            info("metadata", Domain::Index, TO_FILE, &[]),
        ];
        let error = names(&infos).unwrap_err();
        let path = ["file.metadata_id", "metadata.file_id", "file"].map(str::to_owned).to_vec();
        assert_eq!(error, RegistryError::Cycle(path));
        assert!(error.to_string().contains("file.metadata_id -> metadata.file_id -> file"), "{error}");
    }

    #[test]
    fn a_nullable_reference_breaks_a_cycle() {
        let infos =
            [info("file", Domain::Index, &[], TO_METADATA), info("metadata", Domain::Index, TO_FILE, &[])];
        assert_eq!(names(&infos).unwrap(), ["file", "metadata"]);
    }

    #[test]
    fn a_smaller_priority_comes_first_where_nothing_else_decides() {
        let first = |name| ModelInfo { priority: 1, ..info(name, Domain::Index, &[], &[]) };
        let infos = [
            info("alpha", Domain::Index, &[], &[]),
            first("beta"),
            info("gamma", Domain::UserMetadata, &[], &[]),
        ];
        assert_eq!(names(&infos).unwrap(), ["beta", "alpha", "gamma"]);
    }

    #[test]
    fn the_models_of_a_library_have_an_order_and_break_their_cycles() {
        let replica = crate::sync::Replica::new(uuid::Uuid::nil()).unwrap();
        let names: Vec<&str> = replica.registry.tables().map(|table| table.info().name).collect();
        let expected = [
            "content_identity",
            "device",
            "location",
            "file",
            "volume",
            "album",
            "album_entry",
            "removed_device",
            "tag",
            "content_tag",
            "file_tag",
            "user_metadata",
        ];
        assert_eq!(names, expected);
        let file = replica.registry.table("file").unwrap().info();
        let said = replica.registry.table("user_metadata").unwrap().info();
        assert!(file.refers_to.iter().any(|to| to.model == "user_metadata"));
        assert!(said.depends_on.iter().any(|to| to.model == "file"));
    }

    #[test]
    fn models_that_do_not_fit_together_are_refused() {
        let file = info("file", Domain::Index, &[], &[]);
        assert_eq!(names(&[file, file]).unwrap_err(), RegistryError::Twice("file"));
        let alone = info("metadata", Domain::Index, TO_FILE, &[]);
        let unknown = RegistryError::Unknown { model: "metadata", field: "file_id", to: "file" };
        assert_eq!(names(&[alone]).unwrap_err(), unknown);
    }
}
