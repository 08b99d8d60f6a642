package io.manul.updater.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.api.http.Exchange;
import io.manul.api.http.Peer;
import io.manul.api.testing.TestSettings;
import io.manul.json.Obj;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

class ConsoleTest {

    private final BundleContext context = (BundleContext) Proxy.newProxyInstance(BundleContext.class.getClassLoader(), new Class<?>[] {BundleContext.class},
            (p, method, args) -> switch (method.getName()) {
                case "getBundles" -> new Bundle[0];
                case "getBundle" -> FakeRoom.bundle("framework", "7");
                default -> throw new UnsupportedOperationException(method.getName());
            });
    private final Console console = new Console(new Conductor(context, new GateTable(), Optional::empty, Path.of("/nowhere")), TestSettings.of("cam-7"),
            Duration.ofSeconds(1));

    private record Answer(int status, Obj body) {
    }

    private Answer ask(Peer peer, String method, String target) throws Exception {
        String[] parts = target.split("\\?", 2);
        Map<String, List<String>> query = new LinkedHashMap<>();
        for (String pair : parts.length < 2 ? new String[0] : parts[1].split("&")) {
            query.put(pair.split("=")[0], List.of(pair.split("=")[1]));
        }
        Answer[] answer = new Answer[1];
        console.handle((Exchange) Proxy.newProxyInstance(Exchange.class.getClassLoader(), new Class<?>[] {Exchange.class}, (p, m, args) -> switch (m.getName()) {
            case "method" -> method;
            case "path" -> parts[0];
            case "peer" -> peer;
            case "parameter" -> Optional.ofNullable(query.get((String) args[0])).map(List::getFirst);
            case "touched" -> null;
            case "reply" -> {
                answer[0] = new Answer((int) args[0], Obj.parse((byte[]) args[2]));
                yield null;
            }
            default -> throw new UnsupportedOperationException(m.getName());
        }));
        return answer[0];
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET /nothing                          | 404 | no such command: GET /nothing
            GET /swap                             | 404 | no such command: GET /swap
            POST /components                      | 404 | no such command: POST /components
            POST /swap                            | 400 | which component? name= is missing
            POST /swap?name=room                  | 409 | no component "room"; `manul components` lists them
            POST /swap?name=room&probation=soon   | 400 | probation: must be a number of milliseconds
            POST /swap?name=room&probation=-1     | 400 | probation: must be 0 to 300000 ms
            POST /swap?name=room&probation=300001 | 400 | probation: must be 0 to 300000 ms
            """)
    void whatCannotBeDoneIsSaid(String line, int status, String message) throws Exception {
        Answer a = ask(new Peer.Console(), line.split(" ")[0], line.split(" ")[1]);
        assertEquals(status + " " + message, a.status + " " + a.body.text("message"));
    }

    @Test
    void onlyTheMachinesAdministratorIsAnswered() throws Exception {
        for (Peer peer : List.of(new Peer.Remote("192.0.2.1:1", List.of()), new Peer.Internal("system:admin", List.of("system:masters"), "x"))) {
            assertEquals(403, ask(peer, "GET", "/components").status);
            assertEquals(403, ask(peer, "POST", "/swap?name=apiserver").status);
        }
    }

    @Test
    void aServerWithoutRoomsHasNone() throws Exception {
        assertEquals(new Answer(200, Obj.of("items", List.of())).toString(), ask(new Peer.Console(), "GET", "/components").toString());
        assertEquals("cam-7", ask(new Peer.Console(), "GET", "/status").body.text("node"));
    }
}
