/** What the kubelet reads of a Pod. */
package io.manul.kubelet.model;
