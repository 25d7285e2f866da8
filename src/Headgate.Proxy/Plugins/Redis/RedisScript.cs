using System.Security.Cryptography;
using System.Text;

namespace Headgate.Proxy.Plugins.Redis;

/// <summary>A Lua script with one key and two numbers as its arguments. Immutable.</summary>
internal sealed class RedisScript
{
    public RedisScript(string text)
    {
        Text = Encoding.UTF8.GetBytes(text);
#pragma warning disable CA5350 // The name that Redis gives a script (EVALSHA), no protection.
        Digest = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA1.HashData(Text)));
#pragma warning restore CA5350
    }

    /// <summary>The script, UTF-8.</summary>
    public byte[] Text { get; }

    /// <summary>What a server that has it knows it by: 40 hexadecimal digits.</summary>
    public byte[] Digest { get; }
}
