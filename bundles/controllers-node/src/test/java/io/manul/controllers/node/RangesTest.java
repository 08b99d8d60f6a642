package io.manul.controllers.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RangesTest {

    @ParameterizedTest
    @CsvSource({"10.42.0.0/16, 10.42.0.0/24, 10.42.1.0/24", "10.255.255.0/24, 10.255.255.0/24, ''", "fd42::/56, fd42::/64, fd42:0:0:1::/64",
        "2001:db8:1::/48, 2001:db8:1::/64, 2001:db8:1:1::/64", "10.42.0.0/28, 10.42.0.0/28, ''"})
    void aNodeEach(String network, String first, String second) {
        Ranges r = Ranges.of(network);
        Set<String> taken = new HashSet<>();
        assertEquals(Optional.of(first), r.free(taken));
        taken.add(first);
        assertEquals(second.isEmpty() ? Optional.empty() : Optional.of(second), r.free(taken));
    }

    @Test
    void whatIsFullIsEmpty() {
        Ranges r = Ranges.of("10.0.0.0/22");
        Set<String> taken = new HashSet<>();
        for (Optional<String> next = r.free(taken); next.isPresent(); next = r.free(taken)) {
            taken.add(next.get());
        }
        assertEquals(Set.of("10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"), taken);
    }
}
