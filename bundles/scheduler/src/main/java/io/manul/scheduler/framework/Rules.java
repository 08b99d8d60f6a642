package io.manul.scheduler.framework;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What all plug-ins of a profile say about one pod. Used by one thread, with the world's lock held. */
public final class Rules {

    private record Said(Profile.Enabled by, Rule rule) {
    }

    private final World world;
    private final PodInfo pod;
    private final List<Said> filters = new ArrayList<>();
    private final List<Said> scores = new ArrayList<>();

    public Rules(World world, Profile profile, PodInfo pod) {
        this.world = world;
        this.pod = pod;
        for (Profile.Enabled e : profile.plugins()) {
            Optional<Rule> rule = e.filters() || e.scores() ? e.plugin().about(pod) : Optional.empty();
            if (rule.isPresent()) {
                Said said = new Said(e, rule.get());
                if (e.filters()) {
                    filters.add(said);
                }
                if (e.scores() && e.weight() > 0) {
                    scores.add(said);
                }
            }
        }
    }

    public PodInfo pod() {
        return pod;
    }

    /** A plug-in's rule by type; empty when it says nothing. */
    public <R extends Rule> Optional<R> rule(Class<R> type) {
        return filters.stream().map(Said::rule).filter(type::isInstance).map(type::cast).findFirst();
    }

    public Refusal everywhere() {
        for (Said s : filters) {
            Refusal r = s.rule.everywhere();
            if (r != null) {
                return r;
            }
        }
        return null;
    }

    /** Which nodes are left by plug-ins that name them. @param by their names */
    public record Only(Set<String> nodes, Set<String> by) {
    }

    public Optional<Only> only() {
        Only only = null;
        for (Said s : filters) {
            Optional<Set<String>> names = s.rule.only();
            if (names.isPresent()) {
                Set<String> left = new HashSet<>(names.get());
                Set<String> by = new TreeSet<>(Set.of(s.by.plugin().name()));
                if (only != null) {
                    left.retainAll(only.nodes);
                    by.addAll(only.by);
                }
                only = new Only(left, by);
            }
        }
        return Optional.ofNullable(only);
    }

    public Refusal filter(NodeInfo node) {
        for (int i = 0; i < filters.size(); i++) {
            Refusal r = filters.get(i).rule.filter(node);
            if (r != null) {
                return r;
            }
        }
        return null;
    }

    /** As if pods of the same or a higher priority that room is made for there were there already; and also without them. */
    public Refusal filterWithNominated(NodeInfo node) {
        List<PodInfo> coming = world.nominatedTo(node.name());
        if (coming.isEmpty()) {
            return filter(node);
        }
        List<PodInfo> others = coming.stream().filter(p -> p.priority() >= pod.priority() && !p.id().uid().equals(pod.id().uid())).toList();
        if (!others.isEmpty()) {
            others.forEach(p -> add(p, node));
            Refusal r = filter(node);
            others.forEach(p -> remove(p, node));
            if (r != null) {
                return r;
            }
        }
        return filter(node);
    }

    /** For a try: the pod is there. */
    public void add(PodInfo other, NodeInfo node) {
        node.add(other);
        filters.forEach(s -> s.rule.added(other, node));
    }

    public void remove(PodInfo other, NodeInfo node) {
        node.remove(other);
        filters.forEach(s -> s.rule.removed(other, node));
    }

    /** Sums of the weighted scores, in the order of the nodes. */
    public long[] score(List<NodeInfo> feasible) {
        long[] sums = new long[feasible.size()];
        long[] one = new long[feasible.size()];
        for (Said s : scores) {
            if (s.rule.scores(feasible)) {
                for (int i = 0; i < one.length; i++) {
                    one[i] = s.rule.score(feasible.get(i));
                }
                s.rule.normalize(one, feasible);
                for (int i = 0; i < one.length; i++) {
                    sums[i] += s.by.weight() * one[i];
                }
            }
        }
        return sums;
    }
}
