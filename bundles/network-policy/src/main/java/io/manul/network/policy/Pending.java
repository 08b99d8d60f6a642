package io.manul.network.policy;

import io.manul.client.Key;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What happened since the rules were last looked at; empty values: it is gone. Guarded by its owner's lock. */
final class Pending {
    final Map<Key, Optional<Policy>> policies = new HashMap<>();
    final Map<String, Optional<Map<String, String>>> namespaces = new HashMap<>();
    final Map<Key, Optional<PodEntry>> pods = new HashMap<>();
    /** Pod uid to the addresses of its newest sandbox. */
    final Map<String, List<String>> sandboxes = new LinkedHashMap<>();
    /** Uids of pods that are gone for good. */
    final java.util.Set<String> gone = new java.util.HashSet<>();
    /** How many changes are in here and before. */
    long generation;
}
