using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.AdminApi;

/// <summary>Checks the peer's address and key.</summary>
internal sealed class AdminAuthentication
{
    private const string Anonymous = "anonymous";

    private readonly AdminApiOptions _options;
    private readonly (byte[] Hash, AdminKey Key)[] _keys;

    public AdminAuthentication(AdminApiOptions options)
    {
        _options = options;
        _keys = [.. options.Keys.Select(key => (SHA256.HashData(Encoding.UTF8.GetBytes(key.Key)), key))];
    }

    /// <summary>Null when the peer's address may connect; else the refusal.</summary>
    public AdminResponse? CheckAddress(HttpContext context)
    {
        if (_options.AllowAdmin.Count == 0)
            return null;
        IPAddress address = Plain(context.Connection.RemoteIpAddress ?? IPAddress.Loopback);
        foreach (IPNetwork network in _options.AllowAdmin)
        {
            if (network.Contains(address))
                return null;
        }

        return AdminResponse.Error(StatusCodes.Status403Forbidden, $"address {address} may not use the Admin API; see deployment.admin.allow_admin");
    }

    /// <summary>Null when the request carries a key that allows its method, and then <paramref name="caller"/> says whose; else the refusal.</summary>
    public AdminResponse? CheckKey(HttpContext context, out Caller caller)
    {
        IPAddress? peer = context.Connection.RemoteIpAddress;
        string address = peer is null ? "local" : Plain(peer).ToString();
        caller = new Caller(Anonymous, address);
        string? token = Token(context.Request);
        AdminKey? key = token is null ? null : Find(token);
        if (!_options.KeyRequired)
        {
            caller = new Caller(key?.Name ?? Anonymous, address);
            return null;
        }

        if (key is null)
            return Refusal(token is null ? "missing apikey" : "wrong apikey");
        caller = new Caller(key.Name, address);
        bool reads = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        return key.Role == AdminRole.Admin || reads ? null : Refusal("invalid method for role viewer");
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>The query argument wins over the header, the header over the cookie, as in APISIX.</summary>
    private static string? Token(HttpRequest request) =>
        request.Query.TryGetValue("api_key", out var argument) ? argument.ToString()
        : request.Headers.TryGetValue("X-API-KEY", out var header) ? header.ToString()
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
