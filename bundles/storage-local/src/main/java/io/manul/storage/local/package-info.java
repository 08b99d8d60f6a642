/** Provisions local-path volumes (K3S.md 1.12). */
package io.manul.storage.local;
