package io.manul.scheduler.framework;

import io.manul.json.Obj;
import java.util.Set;

/** Something in the cluster changed that may help a pod which found no node. */
public sealed interface Change {

    /** Kinds of changes, to tell at once whom they cannot help. */
    enum Kind { NODE, POD, STORAGE, RULES }

    Kind kind();

    /** @param before null: it came @param after null: it went */
    record Node(NodeFacts before, NodeFacts after) implements Change {
        @Override
        public Kind kind() {
            return Kind.NODE;
        }
    }

    /** A pod that has a node. @param before null: it came @param after null: it went, or ended */
    record Pod(PodInfo before, PodInfo after) implements Change {
        @Override
        public Kind kind() {
            return Kind.POD;
        }
    }

    /** A claim, volume, class, driver or capacity. @param after null: it went */
    record Storage(String resource, Obj before, Obj after) implements Change {
        @Override
        public Kind kind() {
            return Kind.STORAGE;
        }
    }

    /** A plug-in of others came or went. */
    record Rules() implements Change {
        @Override
        public Kind kind() {
            return Kind.RULES;
        }
    }

    Set<Kind> NODES = Set.of(Kind.NODE);
    Set<Kind> NODES_AND_PODS = Set.of(Kind.NODE, Kind.POD);
    Set<Kind> EVERY = Set.of(Kind.values());
}
