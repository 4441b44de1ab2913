//! Fields to index, and paths within them.

use larder::Resource;
use larder::registry::ResourceType;

#[derive(serde::Serialize, Resource)]
#[serde(rename_all = "camelCase")]
struct Photo {
    id: String,
    #[resource(version, index)]
    version: u64,
    #[resource(index = "imageMeta.width")]
    #[resource(index = "imageMeta.lens.name", index)]
    image_meta: Option<ImageMeta>,
}

#[derive(serde::Serialize)]
struct ImageMeta {
    width: u32,
}

#[test]
fn fields_and_paths_within_them_are_indexed_under_their_names_in_json() {
    let expected = ResourceType::new("photo")
        .version("version")
        .index("version")
        .index("imageMeta.width")
        .index("imageMeta.lens.name")
        .index("imageMeta");
    assert_eq!(Photo::resource_type(), expected);
}
