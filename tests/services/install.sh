#!/bin/sh
# What the tests of real services need from the distribution: PostgreSQL's server and a
# Java runtime. As root (or where sudo asks for no password) it installs what is absent;
# otherwise it says what is missing, and the tests that need it skip with that reason.
# No database cluster is made and none is started: the tests run one of their own.
set -u

have_postgres() { ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1; }
have_java() { command -v java >/dev/null 2>&1; }

wanted=""
have_postgres || wanted="$wanted postgresql"
have_java || wanted="$wanted default-jre-headless"
[ -n "$wanted" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "not here:$wanted (as Debian calls them); there is no apt-get to install them with" >&2
    exit 0
elif [ "$(id -u)" = 0 ]; then
    as_root=""
elif sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    echo "not here:$wanted; to install them as root: apt-get install -y$wanted" >&2
    exit 0
fi

# Debian's package makes a cluster and starts it, unless it is told not to.
quiet=/etc/postgresql-common/createcluster.d/99-incentives-tests.conf
$as_root mkdir -p "${quiet%/*}"
echo 'create_main_cluster = false' | $as_root tee "$quiet" >/dev/null
trap '$as_root rm -f "$quiet"' EXIT

$as_root apt-get update -q >&2 || true
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $wanted >&2 ||
    echo "could not install$wanted; the tests that need them skip" >&2
