# For the scripts of this folder, which source it and stand at the root of the project: what they
# say of the machine, their servers, and how those are measured. A script that starts servers defines
#
#   launch NAME CORE [WRAPPER...]      calls `start`, with the wrapper before the program

export LC_ALL=C  # a point in numbers

die() {
  echo "${0#"$PWD/"}: $*" >&2
  exit 1
}

build_release() {  # TARGET...; with the benchmarks
  {
    cmake --preset release -DIVR_BUILD_BENCHMARKS=ON && cmake --build --preset release --target "$@"
  } >"$scratch/build.log" 2>&1 || die "could not build: $(<"$scratch/build.log")"
}

# ---- What the tables say

processor() { sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1; }
measured() { echo "Measured on $(date -u +%F), $(processor), $(nproc) cores, $(
  sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release), Linux $(uname -r)"; }
sorted() { tr ' ' '\n' <<<"$1" | sed '/^$/d' | sort -n; }
median() { sorted "$1" | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }
range() { sorted "$1" | sed -n '1p; $p' | paste -sd - | sed 's/-/ to /'; }
ratio() { awk "BEGIN { printf \"%.2f\", $1 / $2 }"; }

write_section() {  # HEADLINE FILE; puts it into README.md, from "Measured on" to the end of the section
  local page=benchmarks/README.md
  grep -qxF "## $1" "$page" || die "$page has no section $1"
  awk -v headline="## $1" -v table="$2" '
    function put() { while ((getline line < table) > 0) print line; print ""; isPut = 1 }
    /^## / { if (isOurs && !isPut) put(); isOurs = $0 == headline; isOld = 0 }
    isOurs && /^Measured on/ { isOld = 1; put() }
    !isOld
    END { if (isOurs && !isPut) put() }' "$page" | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}' >"$scratch/page"
  cp "$scratch/page" "$page"
}

# ---- The servers

scratch=$(mktemp -d)
declare -A pid port url log
stop() {  # NAME
  kill "${pid[$1]}" 2>/dev/null || true
  wait "${pid[$1]}" 2>/dev/null || true
  unset "pid[$1]"
}
stop_all() {
  local name
  for name in "${!pid[@]}"; do stop "$name"; done
}
trap 'stop_all; rm -rf "$scratch"' EXIT

# The account whose calls come.
TWILIO_AUTH_TOKEN=0123456789abcdef0123456789abcdef
FORM=$(<benchmarks/load/incoming_call.form)
export TWILIO_AUTH_TOKEN FORM

reserve() {  # NAME; sets its port and its url
  local candidate
  for ((candidate = 20000 + RANDOM % 12000; ; ++candidate)); do
    (exec 3<>"/dev/tcp/127.0.0.1/$candidate") 2>/dev/null || break
  done
  port[$1]=$candidate
  url[$1]=http://127.0.0.1:$candidate
}

start() {  # NAME CORE COMMAND...; waits until it takes connections
  log[$1]=$scratch/$BASHPID-$1.log
  taskset -c "$2" "${@:3}" >"${log[$1]}" 2>&1 &
  pid[$1]=$!
  local try
  for ((try = 0; try < 300; ++try)); do
    kill -0 "${pid[$1]}" 2>/dev/null || die "$1 did not start: $(<"${log[$1]}")"
    if (exec 3<>"/dev/tcp/127.0.0.1/${port[$1]}") 2>/dev/null; then return; fi
    sleep 0.1
  done
  die "$1 takes no connections"
}

start_lunch_line() {  # NAME CORE PROGRAM ASSETS SESSIONS [WRAPPER...]; one worker thread
  reserve "$1"
  start "$1" "$2" "${@:6}" "$3" --threads 1 --port "${port[$1]}" --public-url "${url[$1]}" \
    --assets "$4" --sessions "$5"
}

new_database() { echo "sqlite:$(mktemp -d "$scratch/XXXXXX")/sessions.sqlite"; }

core_of() { sed -n 's/^Cpus_allowed_list:\t//p' "/proc/${pid[$1]}/status"; }
nanoseconds() { build/release/benchmarks/processor_time "${pid[$1]}"; }  # on a core so far, all threads

# ---- Measuring

# Lets a client, which ends with a line `RESULT`, ask the server. Sets `rate`, `slow` (99th
# percentile in ms), `share` (% of a core), and `times`: the processor time for each request in us,
# of the server first.
under_load() {  # "NAME..." CLIENT...; the server, and others that help it
  local name before=() requests wrong used
  for name in $1; do before+=("$(nanoseconds "$name")"); done
  read -r _ requests rate slow wrong < <("${@:2}" | grep '^RESULT ') || die "$1: the client failed"
  [[ $wrong == 0 ]] || die "$1: $wrong requests were not answered with 200"
  times=()
  for name in $1; do
    used=$(($(nanoseconds "$name") - before[${#times[@]}]))
    ((${#times[@]})) || share=$((used / 1000 * rate / requests / 10000))
    times+=("$(awk "BEGIN { printf \"%.2f\", $used / $requests / 1000 }")")
  done
}

declare -A valgrind=(
  [instructions]='callgrind --callgrind-out-file=/dev/null'
  [allocations]='memcheck --undef-value-errors=no'
)
declare -A total=(  # what it says at the end
  [instructions]='s/.*Collected : \([0-9]*\).*/\1/p'
  [allocations]='s/.*total heap usage: \([0-9,]*\) allocs.*/\1/p'
)
# What Valgrind counts for 3,000 requests less what it counts for 1,000: that of 2,000. Does not
# depend on the day, nor on what else runs.
counted() (  # WHAT NAME CORE PATH [OPTION...]; options of `calls`
  declare -A pid=()
  trap stop_all EXIT
  few=
  for requests in 1000 3000; do
    # shellcheck disable=SC2086
    launch "$2" "$3" valgrind --tool=${valgrind[$1]}
    build/release/benchmarks/calls "${url[$2]}$4" --requests "$requests" --connections 16 \
      --calls 1000 "${@:5}" >/dev/null || die "$2 under Valgrind: the client failed"
    stop "$2"
    count=$(sed -n "${total[$1]}" "${log[$2]}" | tr -d ,)
    [[ -n $count ]] || die "Valgrind counted nothing: $(<"${log[$2]}")"
    few=${few:-$count}
  done
  echo $(((count - few) / 2000))
)
