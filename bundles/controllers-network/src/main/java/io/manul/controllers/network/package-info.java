/** EndpointSlices and Endpoints of Services with a selector (discovery.k8s.io/v1; KEP-752). */
package io.manul.controllers.network;
