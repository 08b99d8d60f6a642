/** Makes the claims of generic ephemeral volumes (Kubernetes, "Ephemeral Volumes"). */
package io.manul.controllers.storage.ephemeral;
