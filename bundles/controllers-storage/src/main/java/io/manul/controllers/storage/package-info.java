/** Binds, protects, expands and reclaims volumes (Kubernetes, "Persistent Volumes"). */
package io.manul.controllers.storage;
