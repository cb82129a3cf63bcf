"""Static files under names that change with their content."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleStorage(CompressedManifestStaticFilesStorage):
    """Rewrites what JavaScript modules import to those names too, so that a browser may keep all."""

    support_js_module_import_aggregation = True
