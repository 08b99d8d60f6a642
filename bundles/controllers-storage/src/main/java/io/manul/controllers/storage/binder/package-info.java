/** Binds claims and volumes to each other, and releases volumes (Kubernetes, "Persistent Volumes"). */
package io.manul.controllers.storage.binder;
