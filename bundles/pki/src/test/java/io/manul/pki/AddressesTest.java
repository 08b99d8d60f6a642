package io.manul.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {

    @ParameterizedTest
    @CsvSource({"10.43.0.0/16, 10.43.0.1", "10.43.0.255/16, 10.43.1.0", "fd00:43::/112, fd00:43:0:0:0:0:0:1", "fd00::ffff/64, fd00:0:0:0:0:0:1:0",
        "::/64, 0:0:0:0:0:0:0:1", "0.0.0.0/8, 0.0.0.1", "255.255.255.0/24, 255.255.255.1", "ff00::/8, ff00:0:0:0:0:0:0:1"})
    void first(String cidr, String address) {
        assertEquals(address, Addresses.first(cidr).getHostAddress());
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1, 192.0.2.1", "::1, 0:0:0:0:0:0:0:1", "fe80::1%eth0, fe80:0:0:0:0:0:0:1", "2001:DB8::a, 2001:db8:0:0:0:0:0:a"})
    void literals(String text, String address) {
        assertEquals(address, Addresses.address(text).getHostAddress());
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "a.example", "10", "1.2.3", "1.2.3.4.5", "0x7f.1", ""})
    void namesAreNotAsked(String name) {
        assertTrue(Addresses.literal(name).isEmpty());
        assertThrows(PkiException.class, () -> Addresses.address(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2.3.999", ":::", "1:2", "a:b:c:g::"})
    void whatIsNeither(String text) {
        assertTrue(assertThrows(PkiException.class, () -> Addresses.literal(text)).getMessage().contains(text));
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1, 192.0.2.1", "fd00::1, [fd00::1]"})
    void hosts(String address, String host) {
        assertEquals(host, Addresses.host(address));
    }
}
