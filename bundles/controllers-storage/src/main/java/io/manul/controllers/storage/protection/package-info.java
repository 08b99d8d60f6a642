/** Keeps claims and volumes that are in use from vanishing (Kubernetes, "Storage Object in Use Protection"). */
package io.manul.controllers.storage.protection;
