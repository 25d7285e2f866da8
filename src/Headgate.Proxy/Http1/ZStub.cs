#pragma warning disable
using System.Text;
namespace Headgate.Proxy.Http1;
public class HttpDate { byte[] b; public HttpDate(TimeProvider t){ b = Encoding.ASCII.GetBytes(t.GetUtcNow().ToString("r")); } public ReadOnlySpan<byte> Bytes => b; }
public ref struct GatewayHead { public int Status, ContentLength, VersionMinor; public ReadOnlySpan<byte> ContentType, Server, Date, UpstreamStatus; public bool KeepAlive; public const int SizeMax = 512; public int Write(Span<byte> s)=> Encoding.ASCII.GetBytes($"HTTP/1.1 {Status} X\r\nContent-Type: {Encoding.ASCII.GetString(ContentType)}\r\nContent-Length: {ContentLength}\r\n{(UpstreamStatus.IsEmpty?"":"X-APISIX-Upstream-Status: "+Encoding.ASCII.GetString(UpstreamStatus)+"\r\n")}{(KeepAlive?"":"Connection: close\r\n")}\r\n", s); }
