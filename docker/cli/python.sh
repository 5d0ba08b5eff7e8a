#!/bin/sh
# LSST's document types `python bin/NAME.py`: that runs the command of the same name. There is no Python here.
case "${1:-}" in
  bin/*/* | ./bin/*/* | /home/alert_stream/bin/*/*) ;;
  bin/*.py | ./bin/*.py | /home/alert_stream/bin/*.py)
    command=/opt/apf/bin/${1##*/}
    if [ -x "$command" ]; then
      shift
      exec "$command" "$@"
    fi
    ;;
esac
there=$(cd /opt/apf/bin && echo *.py | sed 's/ /, bin\//g')
echo "python: this image has no Python; what it runs by that name is bin/$there" >&2
exit 2
