# shellcheck shell=bash
# To be sourced: runs a command and kills it (-9) at a random moment. RANDOM, seeded by the caller, decides the moments.

# How many runs were killed before they ended by themselves.
done_kills=0

# killed_at_random LONGEST LOG COMMAND...: COMMAND has to become the process itself (exec), so that a kill meets it; from 0.2 to LONGEST seconds.
killed_at_random() {
    local longest="$1" log="$2" run
    shift 2
    "$@" > "$log" 2>&1 &
    run=$!
    sleep "$(awk -v r="$RANDOM" -v longest="$longest" 'BEGIN { printf "%.3f", 0.2 + (longest - 0.2) * r / 32768 }')"
    if kill -9 "$run" 2> /dev/null; then
        done_kills=$((done_kills + 1))
    fi
    wait "$run" 2> /dev/null || true
}
