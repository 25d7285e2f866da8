using Headgate.Control.AdminApi.Objects;
using Headgate.Control.AdminApi.Schemas;
using Headgate.Control.AdminApi.Standalone;
using Headgate.Control.AdminApi.Validation;
using Headgate.Core.Config;
using Headgate.Store.Standalone;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.AdminApi;

/// <summary>
/// Finds who answers a request. Dispatched by hand instead of by endpoint routing because APISIX's 404, 405 and 400 texts depend on how far a path is known.
/// </summary>
internal sealed class AdminDispatcher(
    ObjectReads reads, ObjectWrites writes, ObjectDeletes deletes, ConfigsValidation validation, StandaloneConfigs configs, AdminApiOptions options)
{
    public ValueTask<AdminResponse> DispatchAsync(AdminRequest request)
    {
        if (ObjectPath.TryParse(request.Segments, out ObjectPath path, out string[] rest))
            return ObjectAsync(path, rest, request);
        string resource = request.Segment(0) ?? "";
        if (resource == "configs" && request.Segments.Length == 1 && options.Standalone is { } standalone)
            return configs.AnswerAsync(standalone, request);
        AdminResponse? answer = resource switch
        {
            "schema" => Schema(request),
            "plugins" => Plugins(request),
            "configs" when request.Segment(1) == "validate" && HttpMethods.IsPost(request.Method) => validation.ValidateConfigs(request),
            _ => UnavailableKinds.Answer(resource, request, options.Version),
        };
        return ValueTask.FromResult(answer ?? AdminResponse.Error(404, "Unsupported resource type: " + resource));
    }

    private ValueTask<AdminResponse> ObjectAsync(ObjectPath path, string[] rest, AdminRequest request)
    {
        ResourceKind kind = path.Kind;
        if (!kind.Supports(request.Method))
            return ValueTask.FromResult(AdminResponse.Error(405, $"not supported `{request.Method}` method for {kind.Singular()}"));
        if (options.Standalone is not null && !HttpMethods.IsGet(request.Method))
            return ValueTask.FromResult(AdminResponse.Error(405, StandaloneStore.WritesRefused));
        if (HttpMethods.IsPatch(request.Method))
            return writes.PatchAsync(path, rest, request);
        if (rest.Length > 0)
        {
            // APISIX passes over what follows the id: DELETE /upstreams/1/nodes deletes the upstream. Too dangerous to be compatible with.
            return ValueTask.FromResult(AdminResponse.Error(400, $"a sub-path is for PATCH only: {request.Method} takes {ObjectPath.Form(kind)}"));
        }

        return request.Method switch
        {
            "GET" when path.Id is null => reads.ListAsync(path, request),
            "GET" => reads.GetAsync(path, request),
            "PUT" => writes.PutAsync(path, request),
            "POST" => writes.PostAsync(path, request),
            _ => deletes.DeleteAsync(path, request),
        };
    }

    private AdminResponse Schema(AdminRequest request)
    {
        if (request.Segment(1) == "validate" && HttpMethods.IsPost(request.Method))
            return validation.ValidateObject(request);
        if (!HttpMethods.IsGet(request.Method))
            return NotFound();
        if (request.Segment(1) == "plugins")
            return PluginPages.Schema(options.Plugins, request.Segment(2), request);
        string name = request.Segment(1) ?? "";
        return SchemaCatalog.Find(name) is { } schema ? AdminResponse.Raw(200, schema) : AdminResponse.Error(400, "not found schema: " + name);
    }

    private AdminResponse Plugins(AdminRequest request)
    {
        if (request.Segment(1) == "reload")
        {
            return HttpMethods.IsPut(request.Method) ? AdminResponse.Text(200, "done")
                : AdminResponse.Error(405, $"please use PUT method to reload the plugins, {request.Method} method is not allowed.");
        }

        if (!HttpMethods.IsGet(request.Method))
            return NotFound();
        if (request.Segment(1) == "list")
            return PluginPages.List(options.Plugins);
        return request.Query["all"] == "true" ? PluginPages.All(options.Plugins) : PluginPages.Schema(options.Plugins, request.Segment(1), request);
    }

    private static AdminResponse NotFound() => AdminResponse.Error(404, "not found");
}
