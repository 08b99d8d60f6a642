package io.manul.api.testing;

import java.util.List;
import java.util.stream.Stream;

/**
 * The threads that live now, virtual ones among them, which {@code Thread.getAllStackTraces} does not know. A thread dump does,
 * but walks their stacks, and that brings down a JVM of Java 25 now and then (SIGSEGV in {@code JVM_CreateThreadSnapshot}): the
 * JDK's own containers of threads are asked instead.
 */
public final class Threads {

    private static final String PACKAGE = "jdk.internal.vm.";

    private Threads() {
    }

    /** Their names. */
    public static List<String> names() {
        try {
            return in(Class.forName(PACKAGE + "ThreadContainers").getMethod("root").invoke(null)).map(t -> ((Thread) t).getName()).toList();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM does not tell its threads; --add-exports java.base/jdk.internal.vm=ALL-UNNAMED is needed", e);
        }
    }

    /** How many have a name that begins so. */
    public static long named(String prefix) {
        return names().stream().filter(n -> n.startsWith(prefix)).count();
    }

    private static Stream<?> in(Object container) throws ReflectiveOperationException {
        Stream<?> found = (Stream<?>) ask(container, "threads");
        for (Object child : ((Stream<?>) ask(container, "children")).toList()) {
            found = Stream.concat(found, in(child));
        }
        return found;
    }

    private static Object ask(Object container, String what) throws ReflectiveOperationException {
        return Class.forName(PACKAGE + "ThreadContainer").getMethod(what).invoke(container);
    }
}
