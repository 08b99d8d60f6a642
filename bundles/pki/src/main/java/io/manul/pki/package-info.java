/** The cluster's keys and certificates on disk, made once, kept, renewed (k3s's layout). */
package io.manul.pki;
