using System.Net;
using System.Security.Cryptography;
using System.Text;
using Headgate.Control.Access;
using Headgate.Control.Groups;
using Headgate.Core.Config;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.AdminApi;

/// <summary>Checks the peer's address, and says who it is.</summary>
internal sealed class AdminAuthentication(AdminApiOptions options, People people)
{
    private const string Anonymous = "anonymous";

    private static readonly Grant[] Everything = [Grant.Everywhere(AccessRole.Owner)];

    private readonly (byte[] Hash, AdminKey Key)[] _keys = [.. options.Keys.Select(key => (SHA256.HashData(Encoding.UTF8.GetBytes(key.Key)), key))];

    /// <summary>Null when the peer's address may connect; else the refusal.</summary>
    public AdminResponse? CheckAddress(HttpContext context)
    {
        if (options.AllowAdmin.Count == 0)
            return null;
        IPAddress address = Plain(context.Connection.RemoteIpAddress ?? IPAddress.Loopback);
        foreach (IPNetwork network in options.AllowAdmin)
        {
            if (network.Contains(address))
                return null;
        }

        return AdminResponse.Error(StatusCodes.Status403Forbidden, $"address {address} may not use the Admin API; see deployment.admin.allow_admin");
    }

    /// <summary>
    /// Who makes the request: an admin key (<c>api_key</c>, <c>X-API-KEY</c>, cookie <c>x_api_key</c>, in this order, as APISIX), an API token in the same places or as a bearer, or a
    /// session's cookie; null, and the refusal, when it is nobody that is known.
    /// </summary>
    public async ValueTask<(Caller? Caller, AdminResponse? Refusal)> AuthenticateAsync(HttpContext context)
    {
        string address = AddressOf(context);
        string? token = Token(context.Request);
        if (token is not null && token.StartsWith(ApiToken.Lead, StringComparison.Ordinal))
        {
            return await people.OfTokenAsync(token, context.RequestAborted) is { } found
                ? (new Caller(found.User.Username, address, found.Grants) { Home = found.Home, User = found.User }, null) : (null, Refusal("wrong or expired API token"));
        }

        if (token is null && context.Request.Cookies[Session.Cookie] is { } secret)
        {
            return await people.OfSessionAsync(secret, context.RequestAborted) is { } user
                ? (new Caller(user.Username, address, user.Grants) { User = user, Session = secret }, null) : (null, Refusal("the session is over; log in"));
        }

        AdminKey? key = token is null ? null : Find(token);
        if (!options.KeyRequired)
            return (new Caller(key?.Name ?? Anonymous, address, Everything) { Home = HomeOf(key) }, null);
        if (key is null)
            return (null, Refusal(token is null ? "missing apikey" : "wrong apikey"));
        bool reads = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        if (key.Role != AdminRole.Admin && !reads)
            return (null, Refusal("invalid method for role viewer"));
        var grant = new Grant(key.Role == AdminRole.Admin ? AccessRole.Owner : AccessRole.Viewer, key.Group ?? Grant.Any, key.Workspace ?? Grant.Any);
        return (new Caller(key.Name, address, [grant]) { Home = HomeOf(key) }, null);
    }

    private static GroupAddress HomeOf(AdminKey? key) => new(key?.Group ?? GatewayGroupConfig.DefaultId, key?.Workspace ?? WorkspaceConfig.DefaultId);

    /// <summary>The peer's address as it is written down.</summary>
    public static string AddressOf(HttpContext context) => context.Connection.RemoteIpAddress is { } peer ? Plain(peer).ToString() : "local";

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>The query argument wins over the header, the header over the cookie, as in APISIX.</summary>
    private static string? Token(HttpRequest request) =>
        request.Query.TryGetValue("api_key", out var argument) ? argument.ToString()
        : request.Headers.TryGetValue("X-API-KEY", out var header) ? header.ToString()
        : request.Headers.Authorization.ToString() is var bearer && bearer.StartsWith("Bearer " + ApiToken.Lead, StringComparison.OrdinalIgnoreCase) ? bearer["Bearer ".Length..]
        : request.Cookies["x_api_key"];

    /// <summary>Every key is compared, over hashes of one length, so that the time taken tells nothing about any of them.</summary>
    private AdminKey? Find(string token)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(token), hash);
        AdminKey? found = null;
        foreach ((byte[] expected, AdminKey key) in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, expected))
                found ??= key;
        }

        return found;
    }

    private static AdminResponse Refusal(string description) =>
        AdminResponse.Object(StatusCodes.Status401Unauthorized, description, static (writer, text) =>
        {
            writer.WriteString("error_msg", "failed to check token");
            writer.WriteString("description", text);
        });
}
