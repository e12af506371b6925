# shellcheck shell=bash
# Sourced: runs a command in a memory group of its own (cgroups, version 1 or 2), which the page cache counts to.

memory_group_root() {
    local root
    for root in /sys/fs/cgroup/memory /sys/fs/cgroup; do
        if [ -e "$root/cgroup.procs" ] && mkdir "$root/celllm-$$" 2> /dev/null; then
            if [ -e "$root/celllm-$$/memory.limit_in_bytes" ] || [ -e "$root/celllm-$$/memory.max" ]; then
                echo "$root/celllm-$$"
                return
            fi
            rmdir "$root/celllm-$$"
        fi
    done
}

memory_group_says() { # LIMIT
    local group
    group="$(memory_group_root)"
    if [ -n "$group" ]; then
        rmdir "$group"
        echo "process and page cache held to $1"
    else
        echo "page cache not held (no memory groups here)"
    fi
}

in_memory_group() { # LIMIT COMMAND…
    local limit="$1" group status=0
    shift
    group="$(memory_group_root)"
    if [ -z "$group" ]; then
        "$@"
        return
    fi
    if [ -e "$group/memory.limit_in_bytes" ]; then
        echo "$limit" > "$group/memory.limit_in_bytes"
    else
        numfmt --from=iec "${limit^^}" > "$group/memory.max"
    fi
    (
        echo "$BASHPID" > "$group/cgroup.procs"
        exec "$@"
    ) || status=$?
    rmdir "$group"
    return "$status"
}

# Takes the files of a folder out of the page cache, so that they count to the group that reads them next.
forget_pages() { # FOLDER…
    find -L "$@" -type f -exec dd of={} oflag=nocache conv=notrunc,fdatasync count=0 status=none \;
}
