using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Headgate.Core.Config.Registries;

namespace Headgate.Proxy.Registries.Nacos;

/// <summary>Signs questions with an access key, as clients of Alibaba Cloud's Nacos do (and APISIX): HMAC-SHA1 over the time and what is asked for.</summary>
internal static class NacosSignature
{
    /// <summary>What is added to a query; empty when there is no key. <paramref name="resource"/> is <c>GROUP@@SERVICE</c>, or null for a question about no service.</summary>
    public static string Query(NacosConfig config, string? resource, DateTimeOffset now)
    {
        if (config is not { AccessKey: { } access, SecretKey: { } secret })
            return "";
        string data = now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) + (resource is null ? "" : "@@" + resource);
#pragma warning disable CA5350 // The protocol's.
        string signature = Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(data)));
#pragma warning restore CA5350
        return $"&ak={Uri.EscapeDataString(access)}&data={Uri.EscapeDataString(data)}&signature={Uri.EscapeDataString(signature)}";
    }
}
