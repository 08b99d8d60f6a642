package io.manul.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.pki.Pki;
import io.manul.api.testing.TestPki;
import java.net.InetAddress;
import java.security.KeyPair;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Token strings of k3s (K3S.md 1.7), and the request that the certificates are asked for with. */
class TokenTest {

    private static final String HASH = "0123456789abcdef".repeat(4);

    @ParameterizedTest
    @CsvSource({
        "K10H::server:pw, H, server, pw, Basic c2VydmVyOnB3",
        "K10H::node:p:w, H, node, p:w, Basic bm9kZTpwOnc=",
        "K10H::abcdef.0123456789abcdef, H, '', abcdef.0123456789abcdef, Bearer abcdef.0123456789abcdef",
        "pw, '', node, pw, Basic bm9kZTpwdw==",
        "abcdef.0123456789abcdef, '', '', abcdef.0123456789abcdef, Bearer abcdef.0123456789abcdef",
        "server:pw, '', server, pw, Basic c2VydmVyOnB3",
    })
    void isRead(String text, String hash, String user, String password, String header) {
        Token t = Token.parse(" " + text.replace("H", HASH) + "\n");
        assertEquals(List.of(hash.replace("H", HASH), user, password, header), List.of(t.caHash(), t.user(), t.password(), t.authorization()));
        assertFalse(t.toString().contains("pw") || t.toString().contains("0123456789abcdef"), t.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "K10", "K10abc::server:pw", "K10H::", "K10H::pw", "K10H::server:", "K10H::node", ":pw", "node:"})
    void isRefused(String text) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Token.parse(text.replace("H", HASH)));
        assertTrue(e.getMessage().startsWith("invalid token format"), e.getMessage());
    }

    @Test
    void theRequestIsOneThatACaSigns() throws Exception {
        KeyPair key = NodeFiles.newKey();
        String request = Request.pem(key.getPublic(), key.getPrivate());
        Pki.Leaf leaf = new Pki.Leaf("system:node:n", List.of("system:nodes"), List.of("n"), List.of(InetAddress.ofLiteral("10.0.0.1")), true);
        assertEquals(key.getPublic(), new TestPki("s").sign(request, leaf).getFirst().getPublicKey());
        String forged = Request.pem(NodeFiles.newKey().getPublic(), key.getPrivate());
        assertThrows(IllegalArgumentException.class, () -> new TestPki("s").sign(forged, leaf));
    }
}
