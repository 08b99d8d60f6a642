package io.manul.scheduler.api;

import io.manul.json.Obj;
import java.util.List;

/** A pod that looks for a node. @param requests what it needs in all @param ports host ports it wants */
public record PodWish(Obj pod, Resources requests, List<HostPort> ports) {
}
