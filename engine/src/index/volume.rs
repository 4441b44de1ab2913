//! Which disk a folder is on.

use std::path::Path;

use uuid::Uuid;

use crate::database::entity::volume;

/// The disk that `root` is on, as far as the operating system says. It has the same id as long as it is in the same place.
#[cfg(unix)]
pub(crate) fn volume(device: Uuid, root: &Path) -> Option<volume::Model> {
    use std::os::unix::fs::MetadataExt;

    let on = root.metadata().ok()?.dev();
    let is_on_it = |folder: &&Path| folder.metadata().is_ok_and(|metadata| metadata.dev() == on);
    let mount_point = root.ancestors().take_while(is_on_it).last()?;
    let size = rustix::fs::statvfs(root).ok()?;
    let total_bytes = i64::try_from(size.f_blocks.saturating_mul(size.f_frsize)).unwrap_or(i64::MAX);
    let name = mount_point.file_name().unwrap_or(mount_point.as_os_str());
    Some(volume::Model {
        id: Uuid::new_v5(&device, mount_point.as_os_str().as_encoded_bytes()),
        device_id: device,
        name: name.to_string_lossy().into_owned(),
        mount_point: mount_point.to_string_lossy().into_owned(),
        total_bytes,
        version: 1,
    })
}

/// Elsewhere nothing is known about disks.
#[cfg(not(unix))]
pub(crate) fn volume(_: Uuid, _: &Path) -> Option<volume::Model> {
    None
}

#[cfg(test)]
mod tests {
    #[cfg(unix)]
    use super::*;

    #[cfg(unix)]
    #[test]
    fn two_folders_in_one_are_on_the_same_disk_and_it_has_a_size() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("inside");
        std::fs::create_dir(&inside).unwrap();
        let device = Uuid::from_u128(1);
        let (one, other) = (volume(device, folder.path()).unwrap(), volume(device, &inside).unwrap());
        assert_eq!((one.id, &one.mount_point), (other.id, &other.mount_point));
        assert!(folder.path().starts_with(&one.mount_point), "{}", one.mount_point);
        assert_ne!(one.id, volume(Uuid::from_u128(2), &inside).unwrap().id);
    }
}
