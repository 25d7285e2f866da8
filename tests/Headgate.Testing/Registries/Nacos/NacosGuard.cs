using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Headgate.Testing.Registries.Nacos;

/// <summary>Who may ask a <see cref="NacosServer"/>; everybody unless it is told otherwise.</summary>
public sealed class NacosGuard
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _tokens = new();
    private int _logins;

    /// <summary>The one user, <c>NAME:PASSWORD</c>; null = nobody has to log in.</summary>
    public string? User { get; set; }

    /// <summary>The one access key and its secret; null = questions need no signature.</summary>
    public (string Id, string Secret)? Key { get; set; }

    /// <summary>How long a token lives.</summary>
    public TimeSpan TokenLife { get; set; } = TimeSpan.FromHours(5);

    /// <summary>The clock of tokens.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Whether logging in answers 503.</summary>
    public bool LoginFails { get; set; }

    /// <summary>Whether no token is good enough for a question.</summary>
    public bool ForbidsAll { get; set; }

    /// <summary>How often somebody has logged in.</summary>
    public int Logins => Volatile.Read(ref _logins);

    /// <summary>Makes a token of its own making good.</summary>
    public void Accept(string token) => _tokens[token] = DateTimeOffset.MaxValue;

    /// <summary>No token is good any more.</summary>
    public void ForgetTokens() => _tokens.Clear();

    internal (int Status, string Answer) Login(NacosAsk ask)
    {
        if (LoginFails)
            return (503, "down");
        if (User != $"{ask["username"]}:{ask["password"]}")
            return (403, "unknown user!");
        string token = string.Create(CultureInfo.InvariantCulture, $"to/ken+{Interlocked.Increment(ref _logins)}=");
        _tokens[token] = Time.GetUtcNow() + TokenLife;
        return (200, string.Create(CultureInfo.InvariantCulture, $$"""{"accessToken":"{{token}}","tokenTtl":{{TokenLife.TotalSeconds}},"globalAdmin":true,"username":"nacos"}"""));
    }

    /// <summary>Why a question is refused; null when it is not.</summary>
    internal string? Refuse(NacosAsk ask)
    {
        if (ForbidsAll)
            return "authorization failed!";
        if (User is { } user && $"{ask["username"]}:{ask["password"]}" != user)
        {
            if (ask["accessToken"] is not { } token || !_tokens.TryGetValue(token, out DateTimeOffset end))
                return "token invalid!";
            if (Time.GetUtcNow() >= end)
                return "token expired!";
        }

        return Key is { } key ? RefuseSignature(ask, key.Id, key.Secret) : null;
    }

    private static string? RefuseSignature(NacosAsk ask, string id, string secret)
    {
        if (ask["ak"] != id || ask["data"] is not { } data)
            return "no such key";
        string[] parts = data.Split("@@", 2);
        if (!long.TryParse(parts[0], out _))
            return "no time in data";
        if (ask["serviceName"] is not null && (parts.Length != 2 || parts[1] != $"{ask.Service.Group}@@{ask.Service.Name}"))
            return "data is of something else";
#pragma warning disable CA5350 // The protocol's.
        string signature = Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(data)));
#pragma warning restore CA5350
        return ask["signature"] == signature ? null : "wrong signature";
    }
}
