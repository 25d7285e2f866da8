using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Headgate.Proxy.Plugins.Jwt;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins.Jwt;

/// <summary>Tokens taken apart and verified; those of another library, and broken ones.</summary>
public sealed class JwtTokenTests
{
    public static TheoryData<string> Algorithms => JwtVectors.Algorithms;

    public static TheoryData<string> PublicAlgorithms => JwtVectors.PublicAlgorithms;

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Token_OfAnotherLibrary_IsVerifiedByItsKeyAlone(string algorithm)
    {
        IsSigned(JwtVectors.Token(algorithm), JwtVectors.Key(algorithm)).ShouldBeTrue();
        foreach (string other in Algorithms.Select(row => row.Data).Where(name => name != algorithm))
            IsSigned(JwtVectors.Token(algorithm), JwtVectors.Key(other)).ShouldBeFalse(other);
    }

    [Theory]
    [MemberData(nameof(PublicAlgorithms))]
    public void Token_OfAnotherKeyOrOfThePublicKeyAsSecret_IsNot(string algorithm)
    {
        IsSigned(JwtVectors.Token(algorithm, "ofAnotherKey"), JwtVectors.Key(algorithm)).ShouldBeFalse();
        string confused = JwtVectors.Token(algorithm, "confused");
        IsSigned(confused, JwtVectors.Key(algorithm)).ShouldBeFalse();
        // The token is what it says it is: only a key that is a secret may take it.
        IsSigned(confused, new HmacJwtKey(JwtAlgorithm.Find("HS256")!, Encoding.UTF8.GetBytes(JwtVectors.PublicKey(algorithm)))).ShouldBeTrue();
    }

    [Theory]
    [InlineData("RS256", "RS384")]
    [InlineData("RS256", "PS256")]
    [InlineData("PS256", "RS256")]
    public void Key_OfOneAlgorithm_ServesNoOther(string named, string configured)
    {
        JwtKey key = JwtKeyReader.Read(JwtAlgorithm.Find(configured)!, JwtVectors.PublicKey(named), out _)!;
        IsSigned(JwtVectors.Token(named), key).ShouldBeFalse();
        // Nor does the name in the header help, which the signature covers.
        string[] parts = JwtVectors.Token(named).Split('.');
        IsSigned($"{Header(configured)}.{parts[1]}.{parts[2]}", key).ShouldBeFalse();
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("hs256")]
    [InlineData("")]
    public void Alg_ThatIsNotTheKeys_IsNotVerified(string alg)
    {
        string signed = Header(alg) + "." + Encode("""{"key":"jack"}""");
        IsSigned($"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData("s"u8, Encoding.ASCII.GetBytes(signed)))}", new HmacJwtKey(JwtAlgorithm.Find("HS256")!, [(byte)'s'])).ShouldBeFalse();
        IsRead(signed + ".").ShouldBeFalse("a token without a signature is none");
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("...")]
    [InlineData("a.b.c")]
    [InlineData("{h}.{c}")]
    [InlineData("{h}.{c}.AAAA.AAAA")]
    [InlineData("{h}.{c}.AAAA=")]
    [InlineData("{h}=.{c}.AAAA")]
    [InlineData("{h}.{c}.AA+A")]
    [InlineData("{h}.{c}.AA A")]
    [InlineData("{h}.{c}.AAAAA")]
    [InlineData("{h}.{c}.AB")] // bits that stand for nothing
    [InlineData("{h}.{c}.AAB")]
    [InlineData(" {h}.{c}.AAAA")]
    [InlineData("{c}{h}.{c}.AAAA")]
    public void Text_ThatIsNoToken_IsNotRead(string text) =>
        IsRead(text.Replace("{h}", Header("HS256")).Replace("{c}", Encode("""{"key":"jack"}"""))).ShouldBeFalse();

    [Theory]
    [InlineData("isArray")]
    [InlineData("isNoJson")]
    [InlineData("hasMore")]
    [InlineData("twice")]
    [InlineData("twiceEscaped")]
    [InlineData("tooDeep")]
    [InlineData("tooMany")]
    [InlineData("tooLong")]
    [InlineData("critical")]
    public void Claims_ThatCannotBeTrusted_AreNotRead(string name) => IsRead(JwtVectors.Claims(name)).ShouldBeFalse();

    [Theory]
    [InlineData("""{"alg":"HS256","alg":"HS256"}""")]
    [InlineData("""{"alg":"HS256","\u0061lg":"none"}""")]
    [InlineData("""{"alg":"HS256",}""")]
    [InlineData("""{"alg":"HS256"/**/}""")]
    [InlineData("\uFEFF{\"alg\":\"HS256\"}")]
    [InlineData("""{"\ud800":1,"alg":"HS256"}""")]
    public void Header_ThatIsAmbiguous_IsNotRead(string header) => IsRead(Encode(header) + "." + Encode("{}") + ".AAAA").ShouldBeFalse();

    [Fact]
    public void Claims_NotInUtf8_AreNotRead() => IsRead(Header("HS256") + "." + Base64Url.EncodeToString([.. "{\"a\":\""u8, 0xFF, .. "\"}"u8]) + ".AAAA").ShouldBeFalse();

    [Fact]
    public void Claims_OfAllKinds_AreThere()
    {
        Span<JwtMember> room = stackalloc JwtMember[JwtToken.MembersMax];
        JwtObject.TryRead(Encoding.UTF8.GetBytes("""{"te\u0078t":"\u00e9\"","plain":"a","n":-1.5e3,"o":{"text":1},"l":[{}],"z":null,"t":true,"half":"\ud800","":"empty"}"""), room, out JwtObject read)
            .ShouldBeTrue();
        Span<byte> scratch = stackalloc byte[32];
        read.TryGetText("text"u8, scratch, out ReadOnlySpan<byte> text).ShouldBeTrue();
        Encoding.UTF8.GetString(text).ShouldBe("é\"");
        read.TryGetText("text"u8, scratch[..4], out _).ShouldBeFalse("it does not fit");
        read.TryGetText("plain"u8, default, out _).ShouldBeTrue();
        read.TryGetText("half"u8, scratch, out _).ShouldBeFalse();
        read.TryGetText("n"u8, scratch, out _).ShouldBeFalse();
        read.TryGetText(""u8, scratch, out _).ShouldBeTrue();
        read.TryGetNumber("n"u8, out double number).ShouldBeTrue();
        number.ShouldBe(-1500);
        read.TryGetNumber("plain"u8, out _).ShouldBeFalse();
        (read.TypeOf("o"u8), read.TypeOf("l"u8), read.TypeOf("z"u8), read.TypeOf("t"u8), read.TypeOf("x"u8))
            .ShouldBe((JsonTokenType.StartObject, JsonTokenType.StartArray, JsonTokenType.Null, JsonTokenType.True, JsonTokenType.None));
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS384")]
    [InlineData("ES256")]
    [InlineData("ES512")]
    [InlineData("HS256")]
    public void Token_Changed_IsNeverVerified(string algorithm)
    {
        var random = new Random(TestSeed.Value);
        JwtKey key = JwtVectors.Key(algorithm);
        byte[] token = Encoding.ASCII.GetBytes(JwtVectors.Token(algorithm));
        for (int i = 0; i < 2_000; i++)
        {
            List<byte> changed = [.. token];
            for (int changes = random.Next(1, 4); changes > 0; changes--)
            {
                int at = random.Next(changed.Count);
                switch (random.Next(4))
                {
                    case 0:
                        changed.RemoveAt(at);
                        break;
                    case 1:
                        changed.Insert(at, (byte)random.Next(256));
                        break;
                    default:
                        changed[at] = (byte)"ABCDwxyz0189-_.=+{"[random.Next(18)];
                        break;
                }
            }

            if (!changed.SequenceEqual(token))
                IsSigned(Encoding.Latin1.GetString([.. changed]), key).ShouldBeFalse(Encoding.Latin1.GetString([.. changed]));
        }
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public void Signature_OfNumbersOfAllLengths_IsVerified(string name)
    {
        JwtAlgorithm algorithm = JwtAlgorithm.Find(name)!;
        using var signer = ECDsa.Create(ECCurve.CreateFromValue(algorithm.Curve!));
        JwtKey key = JwtKeyReader.Read(algorithm, signer.ExportSubjectPublicKeyInfoPem(), out _)!;
        byte[] signed = new byte[4];
        for (int i = 0; i < 400; i++) // a number begins with a zero byte in one of some hundred
        {
            BitConverter.TryWriteBytes(signed, i);
            byte[] signature = signer.SignData(signed, algorithm.Hash);
            key.Verify(signed, signature).ShouldBeTrue(Convert.ToHexString(signature));
            signature[i % signature.Length] ^= 1;
            key.Verify(signed, signature).ShouldBeFalse(Convert.ToHexString(signature));
        }

        key.Verify(signed, []).ShouldBeFalse();
        key.Verify(signed, new byte[signer.SignData(signed, algorithm.Hash).Length]).ShouldBeFalse("two zeros sign nothing");
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Verify_OnManyThreads_AlwaysHolds(string algorithm)
    {
        JwtKey key = JwtVectors.Key(algorithm);
        string token = JwtVectors.Token(algorithm);
        int verified = 0;
        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ => Interlocked.Add(ref verified, IsSigned(token, key) ? 1 : 0));
        verified.ShouldBe(200);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Verify_AllocatesNothing(string algorithm)
    {
        JwtKey key = JwtVectors.Key(algorithm);
        byte[] token = Encoding.ASCII.GetBytes(JwtVectors.Token(algorithm));
        bool all = true;
        Allocation.Of(() =>
        {
            for (int i = 0; i < 100; i++)
                all &= IsSigned(token, key);
        }).ShouldBe(0);
        all.ShouldBeTrue();
    }

    private static string Header(string alg) => Encode($$"""{"alg":"{{alg}}"}""");

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    private static bool IsSigned(string token, JwtKey key) => IsSigned(Encoding.Latin1.GetBytes(token), key);

    private static bool IsSigned(byte[] text, JwtKey key)
    {
        Span<byte> scratch = stackalloc byte[text.Length];
        Span<JwtMember> room = stackalloc JwtMember[JwtToken.MembersMax];
        return JwtToken.TryRead(text, scratch, room, out JwtToken token) && token.IsSignedBy(key);
    }

    private static bool IsRead(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return JwtToken.TryRead(bytes, new byte[bytes.Length], new JwtMember[JwtToken.MembersMax], out _);
    }
}
