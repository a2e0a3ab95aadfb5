# Shared by ./run and ./test: system packages and the build. To be sourced from the repository root.

configuration=Release
program=App/bin/$configuration/net10.0/BlazorAdmin.dll

say() { printf '%s\n' "$*" >&2; }

require_tools() {
  command -v dotnet >/dev/null || { say "The .NET SDK 10 is missing (command dotnet). Install it and start again."; exit 1; }
  command -v npm >/dev/null || { say "Node.js 20 or later with npm is missing. Install it and start again."; exit 1; }
}

has() { command -v "$1" >/dev/null 2>&1; }
# Read to its end: grep -q would end the writer early, and pipefail would take that for a miss.
has_icu() { ldconfig -p 2>/dev/null | grep 'libicuuc\.so' >/dev/null || [ "$(uname)" != Linux ]; }
has_language() { has tesseract && tesseract --list-langs 2>/dev/null | grep -x "$1" >/dev/null; }
has_zones() { [ -e /usr/share/zoneinfo/Europe/Berlin ]; }
has_namespaces() { has unshare && has setpriv && has prlimit && has setsid; }
has_mail_server() { [ -x /usr/bin/python3 ] && /usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null; }
# Servers stand where the PATH of people does not look.
has_server() { has "$1" || [ -x "/usr/sbin/$1" ]; }
# The program is one and the same for all of them; each package adds its own part.
has_office() { has soffice && [ -e "/usr/lib/libreoffice/program/$1" ]; }
has_fonts() { [ -n "$(find /usr/share/fonts /usr/local/share/fonts -name '*.ttf' -print -quit 2>/dev/null)" ]; }

# package | how to see that it is there | what is missing without it
packages_of_the_portal='
libicu|has_icu|texts and sorting in other languages than English (.NET needs it)
tzdata|has_zones|time zones of people
util-linux|has_namespaces|limits for conversion programs, and the embedded database for root
poppler-utils|has pdftotext|text, pages and page images of PDF files
qpdf|has qpdf|searchable copies of scans and pictures
bubblewrap|has bwrap|shuts converters off from network and files
pandoc|has pandoc|text of RTF, EPUB and Markdown files, and of what the portal cannot read itself
libreoffice-writer-nogui|has_office libmswordlo.so|text of old Word files (.doc), and of damaged new ones
libreoffice-calc-nogui|has_office libanalysislo.so|text of old Excel files (.xls)
libreoffice-impress-nogui|has_office libslideshowlo.so|text of old PowerPoint files (.ppt)
tesseract-ocr|has tesseract|text of images and scanned pages
tesseract-ocr-eng|has_language eng|recognition of English
tesseract-ocr-deu|has_language deu|recognition of German
fasttext|has fasttext|learning and recognising the kinds of documents'

packages_of_the_tests='
prometheus|has promtool|the tests that let a real Prometheus read the figures
python3-aiosmtpd|has_mail_server|the tests that send to a real mail server
slapd|has_server slapd|the tests that sign in with a real directory
ldap-utils|has ldapmodify|the tests that change a real directory
nginx-light|has_server nginx|the tests behind a real reverse proxy'

packages_of_the_browser_tests='
chromium|has chromium|the browser tests
fonts-liberation|has_fonts|letters in the browser tests'

# Installs what is missing of the given table, and says which and why. Goes on without what cannot be installed.
install_packages() {
  local package check why missing=() elevate=()
  while IFS='|' read -r package check why; do
    [ -n "$package" ] || continue
    if ! $check; then
      say "Missing: $package ($why)"
      missing+=("$package")
    fi
  done <<<"$1"
  [ ${#missing[@]} -gt 0 ] || return 0

  if ! has apt-get; then
    say "This is no Debian system: install what is missing with its own package manager. Going on without."
    return 0
  fi
  if [ "$(id -u)" != 0 ]; then
    if ! has sudo || { [ ! -t 0 ] && ! sudo -n true 2>/dev/null; }; then
      say "Neither root nor sudo: going on without. An administrator can install them: apt-get install ${missing[*]}"
      return 0
    fi
    elevate=(sudo)
  fi
  say "Installing: ${missing[*]}"
  "${elevate[@]}" apt-get update -qq >&2 || say "The package lists could not be refreshed; trying with those that are there."
  local names=()
  for package in "${missing[@]}"; do
    # The number in the library's name is the release's own.
    [ "$package" != libicu ] || package=$(apt-cache search --names-only '^libicu[0-9]+$' | cut -d' ' -f1 | sort -V | tail -n 1)
    names+=("$package")
  done
  "${elevate[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${names[@]}" >/dev/null \
    || say "Not everything could be installed; going on without."
}

# True when nothing that the build reads is newer than the last build by these scripts.
is_built() {
  local stamp=App/obj/built
  [ -f "$program" ] && [ -f "$stamp" ] && [ -f node_modules/.package-lock.json ] || return 1
  # A deleted file shows in the time of its folder.
  [ -z "$(find App SqlServerTypes Migrations wwwroot appsettings*.json package-lock.json global.json Directory.* .editorconfig \
    \( -name bin -o -name obj \) -prune -o -newer "$stamp" -print -quit 2>/dev/null)" ]
}

build() {
  local started="App/obj/building"
  # Made first, so that the build itself changes no folder that is looked at.
  mkdir -p App/obj App/bin SqlServerTypes/obj SqlServerTypes/bin
  touch "$started"
  # "dotnet build" adds a summary of its own; this is the same without.
  dotnet msbuild "$1" -restore -p:Configuration="$configuration" -v:quiet -nologo "${@:2}" || return 1
  # The stamp is from the start, so that a file saved during the build counts as new.
  mv "$started" App/obj/built
}
