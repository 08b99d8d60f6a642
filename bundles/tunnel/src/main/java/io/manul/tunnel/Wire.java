package io.manul.tunnel;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The one connection below. @param close ends it at once, without waiting for anything a stuck peer would have to do */
public record Wire(InputStream in, OutputStream out, Closeable close) {

    void cut() {
        try {
            close.close();
        } catch (IOException e) {
            org.slf4j.LoggerFactory.getLogger(Wire.class).debug("A tunnel's connection did not close well: {}", e.toString());
        }
    }
}
