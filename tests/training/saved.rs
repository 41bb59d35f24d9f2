//! Files of models: what is saved is loaded, and what is not whole is an error.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;
use std::{env, fs};

use autograd_core::save::{SaveError, Snapshot, Values};
use autograd_core::{Parameters, Saved};
use ndarray::{Array1, Array2, array};
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};

use crate::files::Folder;
use autograd_training::{Bowl, Net, Plane, net};

fn network() -> Net<f32> {
    Net::new(net::Dims { d: 3, h: 5, k: 2 }, &mut SmallRng::seed_from_u64(3))
}

#[test]
fn models_are_saved_and_loaded() -> Result<(), SaveError> {
    let folder = Folder::new("saved");
    let (path, bowl) = (folder.file("net.safetensors"), folder.file("bowl.safetensors"));
    let net = network();
    net.save(&path)?;
    assert_eq!(Net::load(&path)?, net);
    let mut other = Net::new(net::Dims { d: 3, h: 5, k: 2 }, &mut SmallRng::seed_from_u64(4));
    other.load_from(&path)?;
    assert_eq!(other, net);

    // A state is saved too, and NaN and infinities.
    let odd: Bowl = Bowl { a: f64::NAN, b: f64::NEG_INFINITY, steps: -0.0 };
    odd.save(&bowl)?;
    let Bowl { a, b, steps } = Bowl::<f64>::load(&bowl)?;
    assert_eq!((a.to_bits(), b, steps.to_bits()), (odd.a.to_bits(), odd.b, odd.steps.to_bits()));
    let names: Vec<String> = Snapshot::load(&bowl)?.tensors.into_keys().collect();
    assert_eq!(names, ["a", "b", "steps"]);

    // No array of a model need lie in row-major order.
    let turned = Net { w1: net.w1.t().as_standard_layout().reversed_axes().to_owned(), ..net.clone() };
    turned.save(&path)?;
    assert_eq!(Net::load(&path)?, net);
    assert_eq!(fs::read_dir(folder.path())?.count(), 2, "no temporary file stays");
    Ok(())
}

/// The bytes are those of the format: other programs read them, and read them next year.
#[test]
fn bytes_are_pinned() -> Result<(), SaveError> {
    let mut snapshot = Snapshot::of(&Bowl { a: 1.0_f32, b: 2.0, steps: 0.5 });
    snapshot.put("section", &Plane { w: array![1.5, -2.0], b: 3.0_f64 });
    snapshot.metadata.insert("a \"key\"".into(), "tab\tand ü".into());
    let bytes = snapshot.to_bytes();
    let header = "{\"__metadata__\":{\"autograd.checksum\":\"SUM\",\"a \\\"key\\\"\":\"tab\\u0009and ü\"},\
        \"section/b\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[0,8]},\
        \"section/w\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[8,24]},\
        \"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[24,28]},\
        \"b\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[28,32]},\
        \"steps\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[32,36]}}";
    let header = header.replace("SUM", "1430c3dcec7dd61f");
    let length = header.len().next_multiple_of(8);
    assert_eq!(bytes[..8], (length as u64).to_le_bytes());
    assert_eq!(String::from_utf8_lossy(&bytes[8..8 + length]).trim_end(), header);
    let numbers = [3.0_f64, 1.5, -2.0].map(f64::to_le_bytes).concat();
    assert_eq!(bytes[8 + length..], [numbers, [1.0_f32, 2.0, 0.5].map(f32::to_le_bytes).concat()].concat());
    assert_eq!(Snapshot::from_bytes(&bytes)?, snapshot);
    Ok(())
}

/// What Python's safetensors makes of it, where Python has it.
#[test]
fn python_reads_the_file() -> Result<(), SaveError> {
    let folder = Folder::new("python");
    let path = folder.file("net.safetensors");
    let net = network();
    Snapshot::of(&net).with("wide", &Plane { w: array![0.1, 0.2], b: 0.3 }).save(&path)?;
    let script = "import sys\nfrom safetensors.numpy import load_file\nt = load_file(sys.argv[1])\n\
        print(' '.join(f'{k}{list(v.shape)}{v.dtype}' for k, v in sorted(t.items())))\n\
        print(' '.join(float(x).hex() for k in ('w1', 'wide/w') for x in t[k].ravel()))";
    let Ok(output) = Command::new("python3").args(["-c", script]).arg(&path).output() else { return Ok(()) };
    if !output.status.success() && String::from_utf8_lossy(&output.stderr).contains("ModuleNotFoundError") {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let (names, numbers) = text.split_once('\n').expect("two lines");
    assert_eq!(names, "b1[5]float32 b2[2]float32 w1[3, 5]float32 w2[5, 2]float32 wide/b[]float64 wide/w[2]float64");
    let expected: Vec<f64> = net.w1.iter().map(|&value| f64::from(value)).chain([0.1, 0.2]).collect();
    let read: Vec<f64> = numbers.split_whitespace().map(hexadecimal).collect();
    assert_eq!(read, expected);
    Ok(())
}

/// `-0x1.8p+1`
fn hexadecimal(text: &str) -> f64 {
    let (sign, text) = text.strip_prefix('-').map_or((1.0, text), |text| (-1.0, text));
    let (digits, exponent) = text.trim_start_matches("0x").split_once('p').expect("an exponent");
    let digits = digits.replace('.', "");
    let places = i32::try_from(digits.len()).expect("few digits") - 1;
    let whole = u64::from_str_radix(&digits, 16).expect("hexadecimal digits") as f64;
    sign * whole * 2.0_f64.powi(exponent.parse::<i32>().expect("a number") - 4 * places)
}

#[test]
fn what_does_not_fit_is_named() {
    let net = network();
    let mut snapshot = Snapshot::of(&net);
    let check = |snapshot: &Snapshot, message: &str| {
        let mut model = network();
        model.b1.fill(7.0);
        let before = model.clone();
        let error = snapshot.fill("", &mut model).expect_err("it does not fit");
        assert_eq!((error.to_string().as_str(), model == before), (message, true));
    };
    let mut wide = snapshot.clone();
    wide.tensors.extend(Snapshot::of(&Plane { w: array![1.0], b: 0.0_f64 }).tensors);
    check(&wide, "there is a tensor `b`, which the model has not");
    wide.tensors.remove("b");
    wide.tensors.remove("w");
    check(&{ snapshot.clone() }.tap(|it| drop(it.tensors.remove("b2"))), "there is no tensor `b2`");
    let long = snapshot.clone().tap(|it| {
        it.tensors.get_mut("b1").expect("it is there").values = Values::F64(vec![0.0; 5]);
    });
    check(&long, "tensor `b1` is F64 in the file but F32 in the model");
    let other = snapshot.clone().tap(|it| {
        it.tensors.get_mut("w1").expect("it is there").values = Values::Other("BF16".into());
    });
    check(&other, "tensor `w1` is BF16 in the file but F32 in the model");
    snapshot.tensors.get_mut("w2").expect("it is there").shape = vec![2, 5];
    check(&snapshot, "tensor `w2` has shape [2, 5] in the file but [5, 2] in the model");
    snapshot.tensors.get_mut("w2").expect("it is there").shape = vec![10];
    let error = snapshot.get::<Net<f32>>("").expect_err("it has one axis").to_string();
    assert_eq!(error, "tensor `w2` has shape [10] in the file but 2 axes in the model");
    let error = Net::<f32>::load("/no/such.safetensors").expect_err("it is not there").to_string();
    assert!(error.starts_with("/no/such.safetensors: "), "{error}");
    assert!(Snapshot::load("/").is_err() && Snapshot::load("/dev/zero").is_err());
}

/// A change in passing.
trait Tap: Sized {
    fn tap(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }
}

impl Tap for Snapshot {}

/// Damaged, cut off and invented files: an error or the right tensors, never a panic.
#[test]
fn hostile_files_are_errors() {
    let net = network();
    let good = Snapshot::of(&net).to_bytes();
    let mut rng = SmallRng::seed_from_u64(5);
    let mut below = |end: usize| usize::try_from(rng.next_u64() % end as u64).expect("it is below a length");
    let read = |bytes: &[u8]| {
        let mut model = network();
        model.b1.fill(7.0);
        let before = model.clone();
        let filled = Snapshot::from_bytes(bytes).and_then(|it| it.fill("", &mut model));
        assert!(filled.is_ok() || model == before);
        filled.is_ok()
    };
    assert!(read(&good));
    assert_eq!((0..good.len()).filter(|&end| read(&good[..end])).count(), 0);
    // What other programs write has no checksum.
    let mut plain = good.clone();
    let key = good.windows(8).position(|bytes| bytes == b"checksum").expect("it has one");
    plain[key] = b'C';
    assert!(read(&plain));
    let header = 8 + usize::from(u16::from_le_bytes([good[0], good[1]]));
    for _ in 0..2000 {
        let mut bytes = good.clone();
        for _ in 0..=below(3) {
            // Behind the key of the checksum: without that, nobody knows of one.
            bytes[key + 9 + below(good.len() - key - 9)] ^= 1 << below(8);
        }
        assert!(bytes == good || !read(&bytes));
        // Files without a checksum: flips in the header and its length, those of numbers are other numbers.
        bytes.clone_from(&plain);
        for _ in 0..=below(3) {
            bytes[below(header)] ^= 1 << below(8);
        }
        read(&bytes);
    }
    for (length, json) in [
        (u64::MAX, "{}".to_owned()),
        (1 << 40, "{}".to_owned()),
        (0, String::new()),
        (2, "{}".to_owned()),
        (0, "{\"w1\":{\"dtype\":\"F32\",\"shape\":[18446744073709551615,2],\"data_offsets\":[0,0]}}".to_owned()),
        (0, "{\"w1\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,0]}}".to_owned()),
        (0, "{\"w1\":{\"dtype\":\"F32\",\"shape\":[0,99999999999],\"data_offsets\":[0,0]}}".to_owned()),
        (0, "{\"w1\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}".to_owned()),
        (0, "[".repeat(100_000)),
        (0, "{\"a\":".repeat(50_000)),
    ] {
        let length = if length == 0 { json.len() as u64 } else { length };
        let bytes = [&length.to_le_bytes()[..], json.as_bytes()].concat();
        let _ = Snapshot::from_bytes(&bytes).and_then(|it| it.get::<Net<f32>>(""));
        assert!(!read(&bytes));
    }
}

#[test]
fn serde_writes_a_snapshot() {
    let snapshot = Snapshot::of(&Plane { w: array![0.1, 2.0], b: 3.0_f64 });
    let text = serde_json::to_string(&snapshot).expect("it can be written");
    let read: Snapshot = serde_json::from_str(&text).expect("it can be read");
    assert_eq!(read, snapshot);
    // A shape that lies about its numbers.
    let lie: Snapshot = serde_json::from_str(&text.replace("[2]", "[3]")).expect("it can be read");
    assert!(lie.get::<Plane>("").is_err() && lie.fill("", &mut Plane { w: Array1::zeros(3), b: 0.0 }).is_err());
}

const CHILD: &str = "AUTOGRAD_TEST_SAVES_TO";

/// Two models of the same size, of one number each.
fn filled(number: f32) -> Net<f32> {
    let mut net =
        Net { w1: Array2::zeros((60, 40)), b1: Array1::zeros(40), w2: Array2::zeros((40, 9)), b2: Array1::zeros(9) };
    net.fill(number);
    net
}

/// What is killed below: saves one model after the other without end.
#[test]
fn saves_until_it_is_killed() {
    let Some(path) = env::var_os(CHILD) else { return };
    let models = [filled(1.0), filled(2.0)];
    println!("ready");
    for model in models.iter().cycle() {
        model.save(&path).expect("it can be saved");
    }
}

/// A process that is killed at any moment leaves the old file or the new one.
#[test]
#[cfg(unix)]
fn a_killed_process_leaves_a_whole_file() {
    let folder = Folder::new("killed");
    let path = folder.file("net.safetensors");
    let models = [filled(0.0), filled(1.0), filled(2.0)];
    models[0].save(&path).expect("it can be saved");
    let program = env::current_exe().expect("this test is a program");
    let mut rng = SmallRng::seed_from_u64(9);
    let mut seen = [0; 3];
    for _ in 0..200 {
        let mut child = Command::new(&program)
            .args(["--exact", "saved::saves_until_it_is_killed", "--nocapture", "--test-threads=1"])
            .env(CHILD, &path)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the test can be started");
        let output = BufReader::new(child.stdout.take().expect("it is piped"));
        assert!(output.lines().map_while(Result::ok).any(|line| line.ends_with("ready")));
        sleep(Duration::from_micros(rng.next_u64() % 4000));
        child.kill().expect("it runs");
        child.wait().expect("it has ended");
        let left = Net::<f32>::load(&path).expect("the file is whole");
        let which = models.iter().position(|model| *model == left);
        seen[which.expect("it is one of the models")] += 1;
    }
    assert!(seen[1] > 0 && seen[2] > 0, "nothing was saved in time: {seen:?}");
}
