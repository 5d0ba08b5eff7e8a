#!/bin/sh
# Runs a command as the owner of the folder that is mounted, so that what is written there is theirs; as `docker run
# --user` says where it is given.
set -eu

# The owner, as UID:GID, of a mounted folder: of one that can be written before one that cannot, of a user's before
# root's. Where none is mounted, the user `node`.
owner() {
  best=0 who=1000:1000
  while read -r _ _ _ _ point options rest; do
    # Blanks and the like stand as \040.
    point=$(printf '%b' "$point")
    type=${rest#*- }
    case "$point ${type%% *}" in
      "/ "* | /dev[/\ ]* | /etc[/\ ]* | /proc[/\ ]* | /run[/\ ]* | /sys[/\ ]* | *" tmpfs") continue ;;
    esac
    [ -d "$point" ] || continue
    is=$(stat -c %u:%g "$point")
    rank=1
    case $is in 0:*) ;; *) rank=2 ;; esac
    case ",$options," in *,rw,*) rank=$((rank + 2)) ;; esac
    if [ "$rank" -gt "$best" ]; then best=$rank who=$is; fi
  done < /proc/self/mountinfo
  echo "$who"
}

# What is no command of this image begins the rest of an `apf` command line: `docker run apf consume …`.
case "${1:-}" in
  '' | */*) set -- apf "$@" ;;
  *) [ -x "/opt/apf/bin/$1" ] || set -- apf "$@" ;;
esac

if [ "$(id -u)" = 0 ]; then
  who=$(owner)
  [ "$who" = 0:0 ] || exec setpriv --reuid "${who%:*}" --regid "${who#*:}" --clear-groups -- "$@"
fi
exec "$@"
