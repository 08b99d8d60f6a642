package io.manul.client;

import io.manul.json.Obj;
import java.util.List;

/** A whole list (pages joined) and the resource version it shows. */
public record Listing(String resourceVersion, List<Obj> items) {
}
