package io.manul.kubelet.server;

import io.manul.api.http.Exchange;
import io.manul.json.Obj;
import io.manul.kubelet.volume.LocalVolumes;
import java.io.IOException;
import java.util.Map;

/** {@code POST} and {@code DELETE /localVolumes/NAME?path=PATH}: a folder for a local-path volume on this node. */
final class LocalVolumesEndpoint {

    private final LocalVolumes volumes;

    LocalVolumesEndpoint(LocalVolumes volumes) {
        this.volumes = volumes;
    }

    void handle(Exchange x, String[] path) throws Refused {
        String folder = x.parameter("path").orElse("");
        if (path.length != 2 || folder.isEmpty()) {
            throw Refused.badRequest("path must be /localVolumes/NAME?path=PATH");
        }
        try {
            switch (x.method()) {
                case "POST" -> {
                    x.touched();
                    volumes.make(path[1], folder);
                }
                case "DELETE" -> {
                    x.touched();
                    volumes.remove(path[1], folder);
                }
                default -> throw new Refused(405, "MethodNotAllowed", x.path() + " answers POST and DELETE only");
            }
        } catch (LocalVolumes.NotAllowed e) {
            throw new Refused(403, "Forbidden", e.getMessage());
        } catch (IOException e) {
            throw new Refused(500, "InternalError", "folder " + folder + ": " + e);
        }
        x.reply(200, Map.of("content-type", "application/json"), Obj.of("kind", "Status", "apiVersion", "v1", "metadata", Obj.of(), "status",
                "Success", "code", 200).bytes());
    }
}
