/** The registry's part of the API: tenants, keys, groups, devices, their credentials, import and audit. */
import type { FastifyInstance } from 'fastify';
import { auditRoutes } from './audit-routes.ts';
import { credentialRoutes } from './credential-routes.ts';
import { deviceRoutes } from './device-routes.ts';
import { groupRoutes } from './group-routes.ts';
import { importRoute } from './import-route.ts';
import { keyRoutes } from './key-routes.ts';
import { tenantRoutes } from './tenant-routes.ts';
import type { RegistryRoutesDeps } from './registry-answers.ts';

export function registryRoutes(app: FastifyInstance, deps: RegistryRoutesDeps): void {
  tenantRoutes(app, deps);
  keyRoutes(app, deps);
  groupRoutes(app, deps);
  deviceRoutes(app, deps);
  credentialRoutes(app, deps);
  importRoute(app, deps);
  auditRoutes(app, deps);
}
