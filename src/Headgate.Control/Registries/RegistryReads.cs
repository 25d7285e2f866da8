using Headgate.Control.AdminApi;

namespace Headgate.Control.Registries;

/// <summary>Lists and shows registries, and what has become of them.</summary>
internal sealed class RegistryReads(KnownRegistries known)
{
    /// <summary>Answers a GET of what lies below <c>service_registries</c>: nothing, an id, or an id and what of it.</summary>
    public async ValueTask<AdminResponse> AnswerAsync(string[] rest, AdminRequest request)
    {
        if (rest.Length == 0)
            return await ListAsync(request);
        if (await known.FindAsync(rest[0], request.Aborted) is not { } registry)
            return AdminResponse.KeyNotFound();
        return rest.ElementAtOrDefault(1) switch
        {
            null => RegistryJson.One(200, registry, []),
            "status" => AdminResponse.Object(200, registry, static (writer, found) =>
            {
                writer.WriteStartObject("value");
                RegistryJson.WriteStatus(writer, found);
                RegistryJson.WriteCounters(writer, found);
                writer.WriteEndObject();
            }),
            _ => RegistryJson.History(registry, request),
        };
    }

    private async ValueTask<AdminResponse> ListAsync(AdminRequest request)
    {
        string search = request.Query["search"].ToString();
        KnownRegistry[] all = [.. (await known.AllAsync(request.Aborted)).Where(registry => registry.IsCalled(search))];
        if (Page.Read(request.Query, all.Length, out Page page) is { } refusal)
            return refusal;
        return AdminResponse.Object(200, (all, page), static (writer, state) =>
        {
            writer.WriteStartArray("list");
            foreach (KnownRegistry registry in state.page.Of(state.all))
            {
                writer.WriteStartObject();
                RegistryJson.WriteMembers(writer, registry);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteNumber("total", state.all.Length);
        });
    }
}
