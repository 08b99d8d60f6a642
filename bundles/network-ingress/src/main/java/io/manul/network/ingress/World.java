package io.manul.network.ingress;

import io.manul.json.Obj;
import java.util.List;
import java.util.Optional;

/** What the planner looks at: the API's objects as they are now. */
interface World {

    List<Obj> ingresses();

    List<Obj> classes();

    Optional<Obj> service(String namespace, String name);

    List<Obj> slices(String namespace, String service);

    Optional<Obj> secret(String namespace, String name);
}
