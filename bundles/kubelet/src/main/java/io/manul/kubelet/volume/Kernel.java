package io.manul.kubelet.volume;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The system calls that mount (mount(2), umount2(2)) and that open a path below a folder without leaving it (openat2(2),
 * Linux 5.6), by the Foreign Function API. Safe from any thread.
 */
public final class Kernel {

    static final long MS_BIND = 4096;
    static final long MS_REC = 16384;
    static final long MS_SHARED = 1 << 20;
    static final long MS_NOSUID_NODEV = 2 | 4;
    private static final int MNT_DETACH = 2;
    private static final int AT_FDCWD = -100;
    private static final long SYS_OPENAT2 = 437;
    private static final long O_PATH_CLOEXEC = 0x200000 | 0x80000;
    private static final long RESOLVE_NO_MAGICLINKS_BENEATH = 0x02 | 0x08;
    static final int ENOENT = 2;
    static final int EINVAL = 22;

    private final StructLayout state = Linker.Option.captureStateLayout();
    private final VarHandle errno = state.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private final MethodHandle mount = handle("mount", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
    private final MethodHandle umount2 = handle("umount2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private final MethodHandle mkdirat = handle("mkdirat", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private final MethodHandle close = handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private final MethodHandle syscall = handle("syscall",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG), Linker.Option.firstVariadicArg(1));

    @SuppressWarnings("restricted") // the launcher enables native access
    private static MethodHandle handle(String name, FunctionDescriptor form, Linker.Option... more) {
        Linker linker = Linker.nativeLinker();
        Linker.Option[] options = new Linker.Option[more.length + 1];
        options[0] = Linker.Option.captureCallState("errno");
        System.arraycopy(more, 0, options, 1, more.length);
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), form, options);
    }

    /** A call that was refused. */
    static final class Refused extends IOException {
        private final int errno;

        Refused(String what, int errno) {
            super(what + ": errno " + errno + name(errno));
            this.errno = errno;
        }

        int errno() {
            return errno;
        }

        private static String name(int errno) {
            return switch (errno) {
                case 1 -> " (operation not permitted)";
                case ENOENT -> " (no such file or directory)";
                case 13 -> " (permission denied)";
                case 16 -> " (busy)";
                case 18 -> " (leads outside)";
                case 20 -> " (not a directory)";
                case EINVAL -> " (invalid argument, or not a mount point)";
                case 28 -> " (no space left on device)";
                case 40 -> " (too many symbolic links)";
                default -> "";
            };
        }
    }

    private interface Body {
        long call(Arena arena, MemorySegment state) throws Throwable;
    }

    private long call(String what, Body body) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment captured = arena.allocate(state);
            long result = body.call(arena, captured);
            if (result < 0) {
                throw new Refused(what, (int) errno.get(captured, 0L));
            }
            return result;
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException(what, e); // invokeExact declares it; the call itself throws nothing
        }
    }

    void mount(String source, Path target, String type, long flags, String data) throws IOException {
        call("mount " + source + " on " + target, (a, s) -> {
            // the types of a method handle's arguments are exact: a conditional in place would be an Object
            MemorySegment kind = type.isEmpty() ? MemorySegment.NULL : a.allocateFrom(type);
            MemorySegment options = data.isEmpty() ? MemorySegment.NULL : a.allocateFrom(data);
            return (int) mount.invokeExact(s, a.allocateFrom(source), a.allocateFrom(target.toString()), kind, flags, options);
        });
    }

    void bind(String source, Path target) throws IOException {
        mount(source, target, "", MS_BIND | MS_REC, "");
    }

    /** Detached: gone from the tree at once, freed with its last user. */
    void unmount(Path target) throws IOException {
        call("unmount " + target, (a, s) -> (int) umount2.invokeExact(s, a.allocateFrom(target.toString()), MNT_DETACH));
    }

    /** A descriptor of what {@code path} names below {@code folder}; links that lead out are refused. Close it. */
    int openBelow(Path folder, String path) throws IOException {
        int root = openat2(AT_FDCWD, folder.toString(), 0);
        try {
            return openat2(root, path, RESOLVE_NO_MAGICLINKS_BENEATH);
        } finally {
            close(root);
        }
    }

    /** Makes the folders of {@code path} that are missing below {@code folder}, with its permissions and owners. */
    void makeBelow(Path folder, Path path) throws IOException {
        int mode = (int) Files.getAttribute(folder, "unix:mode") & 07777;
        int at = openat2(AT_FDCWD, folder.toString(), 0);
        try {
            for (Path segment : path) {
                int parent = at;
                int next;
                try {
                    next = openat2(parent, segment.toString(), RESOLVE_NO_MAGICLINKS_BENEATH);
                } catch (Refused e) {
                    if (e.errno() != ENOENT) {
                        throw e;
                    }
                    call("mkdir " + segment + " below " + folder,
                            (a, s) -> (int) mkdirat.invokeExact(s, parent, a.allocateFrom(segment.toString()), mode));
                    next = openat2(parent, segment.toString(), RESOLVE_NO_MAGICLINKS_BENEATH);
                    Path made = Path.of("/proc/self/fd", Integer.toString(next));
                    Files.setAttribute(made, "unix:uid", Files.getAttribute(folder, "unix:uid"));
                    Files.setAttribute(made, "unix:gid", Files.getAttribute(folder, "unix:gid"));
                    Files.setAttribute(made, "unix:mode", mode); // mkdir obeys the umask
                }
                close(parent);
                at = next;
            }
        } finally {
            close(at);
        }
    }

    private int openat2(int folder, String path, long resolve) throws IOException {
        return (int) call("open " + path, (a, s) -> {
            MemorySegment how = a.allocate(24);
            how.set(JAVA_LONG, 0, O_PATH_CLOEXEC);
            how.set(JAVA_LONG, 16, resolve);
            return (long) syscall.invokeExact(s, SYS_OPENAT2, (long) folder, a.allocateFrom(path), how, 24L);
        });
    }

    void close(int descriptor) throws IOException {
        call("close", (a, s) -> (int) close.invokeExact(s, descriptor));
    }
}
