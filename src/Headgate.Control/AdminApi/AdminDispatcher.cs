using Headgate.Control.AdminApi.Objects;
using Headgate.Control.AdminApi.Schemas;
using Headgate.Control.AdminApi.Validation;
using Headgate.Core.Config;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.AdminApi;

/// <summary>
/// Finds who answers a request. Dispatched by hand instead of by endpoint routing because APISIX's 404, 405 and 400 texts depend on how far a path is known.
/// </summary>
internal sealed class AdminDispatcher(ObjectReads reads, ObjectWrites writes, ObjectDeletes deletes, ConfigsValidation validation, AdminApiOptions options)
{
    public ValueTask<AdminResponse> DispatchAsync(AdminRequest request)
    {
        string resource = request.Segment(0) ?? "";
        if (KindNames.TryParse(resource, out ResourceKind kind))
            return ObjectAsync(kind, request);
        AdminResponse? answer = resource switch
        {
            "schema" => Schema(request),
            "plugins" => Plugins(request),
            "configs" when request.Segment(1) == "validate" && HttpMethods.IsPost(request.Method) => validation.ValidateConfigs(request),
            _ => UnavailableKinds.Answer(resource, request, options.Version),
        };
        return ValueTask.FromResult(answer ?? AdminResponse.Error(404, "Unsupported resource type: " + resource));
    }

    private ValueTask<AdminResponse> ObjectAsync(ResourceKind kind, AdminRequest request)
    {
        string? id = request.Segment(1);
        if (HttpMethods.IsPatch(request.Method))
            return writes.PatchAsync(kind, id, request);
        if (request.Segments.Length > 2)
        {
            // APISIX passes over what follows the id: DELETE /upstreams/1/nodes deletes the upstream. Too dangerous to be compatible with.
            return ValueTask.FromResult(AdminResponse.Error(400, $"a sub-path is for PATCH only: {request.Method} takes {kind.Plural()}/ID"));
        }

        return request.Method switch
        {
            "GET" when id is null => reads.ListAsync(kind, request),
            "GET" => reads.GetAsync(kind, id, request),
            "PUT" => writes.PutAsync(kind, id, request),
            "POST" => writes.PostAsync(kind, id, request),
            "DELETE" => deletes.DeleteAsync(kind, id, request),
            _ => ValueTask.FromResult(AdminResponse.Error(405, $"not supported `{request.Method}` method for {kind.Singular()}")),
        };
    }

    private AdminResponse Schema(AdminRequest request)
    {
        if (request.Segment(1) == "validate" && HttpMethods.IsPost(request.Method))
            return validation.ValidateObject(request);
        if (!HttpMethods.IsGet(request.Method))
            return NotFound();
        if (request.Segment(1) == "plugins")
            return NoPlugin();
        string name = request.Segment(1) ?? "";
        return SchemaCatalog.Find(name) is { } schema ? AdminResponse.Raw(200, schema) : AdminResponse.Error(400, "not found schema: " + name);
    }

    private static AdminResponse Plugins(AdminRequest request)
    {
        if (request.Segment(1) == "reload")
        {
            return HttpMethods.IsPut(request.Method) ? AdminResponse.Text(200, "done")
                : AdminResponse.Error(405, $"please use PUT method to reload the plugins, {request.Method} method is not allowed.");
        }

        if (!HttpMethods.IsGet(request.Method))
            return NotFound();
        if (request.Segment(1) == "list")
            return AdminResponse.Raw(200, "[]\n"u8.ToArray());
        return request.Query["all"] == "true" ? AdminResponse.Raw(200, "{}\n"u8.ToArray()) : NoPlugin();
    }

    private static AdminResponse NoPlugin() => AdminResponse.Error(404, "plugin not found in subsystem http");

    private static AdminResponse NotFound() => AdminResponse.Error(404, "not found");
}
