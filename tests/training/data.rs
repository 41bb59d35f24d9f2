//! Data: tables, arrays of `NumPy`, splits, and one scale for all features.

use std::fs;
use std::path::Path;
use std::process::Command;

use autograd_core::data::{
    Batch, Buffers, Csv, Data, DataError, Failure, Npz, NpzWriter, Split, Standardizer, Table, read_npy, write_npy,
};
use autograd_core::save::Snapshot;
use ndarray::{Array1, Array2, ArrayD, Ix1, Ix2, array, s};

use crate::files::Folder;
use autograd_training::{Plane, plane};

#[test]
fn tables_have_columns_by_name() -> Result<(), DataError> {
    let folder = Folder::new("tables");
    let text = "\u{feff}id, width,\"le,ngth\",kind\n1,0.5,1e3,10\n2,-inf,\"2\",9\n3, 7 ,.5,10\n";
    let table = Table::read(folder.with("good.csv", text))?;
    assert_eq!((table.names(), table.rows()), (&["id", "width", "le,ngth", "kind"].map(str::to_owned)[..], 3));
    let numbers = table.numbers::<f64>(["le,ngth", "width"])?;
    assert_eq!(numbers, array![[1000.0, 0.5], [2.0, f64::NEG_INFINITY], [0.5, 7.0]]);
    assert_eq!(table.numbers_except::<f32>(["kind", "id"])?.column(1), array![1000.0, 2.0, 0.5]);
    // Integers are in the order of their values.
    assert_eq!(table.classes("kind")?, (array![1, 0, 1], vec!["9".to_owned(), "10".to_owned()]));
    assert_eq!(table.column::<f64>("id")?, array![1.0, 2.0, 3.0]);
    let twice = Table::read(folder.with("twice.csv", "a,b,b\n1,2,3\n"))?;
    assert_eq!(twice.numbers_except::<f64>(["a"])?, array![[2.0, 3.0]]);
    assert!(twice.column::<f64>("b").expect_err("which?").to_string().ends_with("there are two columns `b`"));
    let plain = Csv::new().without_names().read(folder.with("plain.csv", "1,2\n3,4\n"))?;
    assert_eq!(plain.numbers::<f64>(["1", "0"])?, array![[2.0, 1.0], [4.0, 3.0]]);
    Ok(())
}

#[test]
fn errors_name_file_line_and_column() {
    let folder = Folder::new("bad-tables");
    let path = folder.with("bad.csv", "a,b,kind\r\n1,2,oak\r\n\r\n3,,elm\n4,x,\n");
    let says = |error: DataError, expected: &str| {
        let path = path.display();
        assert_eq!(error.to_string(), format!("{path}{expected}"));
    };
    let table = Table::read(&path).expect("its lines have three fields");
    let error = table.numbers::<f64>(["a", "b"]).expect_err("b is missing");
    says(error, ", line 4, column 2 (`b`): expected a number, found ``");
    let error = table.column::<f64>("c").expect_err("there is none");
    says(error, ": there is no column `c` among a, b, kind");
    let error = table.classes("kind").expect_err("one is missing");
    says(error, ", line 5, column 3 (`kind`): expected a label, found ``");
    let error = table.classes_of("kind", &["oak".to_owned()]).expect_err("elm is none");
    says(error, ", line 4, column 3 (`kind`): expected one of oak, found `elm`");
    let filled = Csv::new().missing(["", "x"]).read(&path).and_then(|table| table.column::<f64>("b"));
    assert_eq!(filled.expect("they are missing").map(|value| value.is_nan()), array![false, true, true]);
    fs::write(&path, "a,b\n1,2\n3\n").expect("a file");
    says(Table::read(&path).expect_err("a short line"), ", line 3: 1 fields, where the first line, `a,b`, has 2");
    fs::write(&path, b"a,b\n1,\xff\n").expect("a file");
    assert!(Table::read(&path).expect_err("not UTF-8").to_string().contains("UTF-8"));
    assert!(Table::read("/no/such.csv").expect_err("no file").to_string().starts_with("/no/such.csv: "));
}

#[test]
fn arrays_of_numpy() -> Result<(), DataError> {
    let folder = Folder::new("npy");
    // As NumPy writes it.
    let header = "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 2), }".to_owned() + &" ".repeat(58) + "\n";
    let bytes = [b"\x93NUMPY\x01\0v\0", header.as_bytes(), &[1, 0, 0xfe, 0xff, 3, 0, 4, 0]].concat();
    let path = folder.with("whole.npy", &bytes);
    assert_eq!(read_npy::<f64, Ix2>(&path)?, array![[1.0, -2.0], [3.0, 4.0]]);
    let error = read_npy::<usize, Ix2>(&path).expect_err("one is negative").to_string();
    assert!(error.ends_with("expected class indices, found -2"), "{error}");
    let error = read_npy::<f64, Ix1>(&path).expect_err("two axes").to_string();
    assert!(error.ends_with("expected an array of 1 axes, found shape [2, 2]"), "{error}");
    for end in 0..bytes.len() {
        assert!(read_npy::<f64, Ix2>(folder.with("cut.npy", &bytes[..end])).is_err());
    }
    let huge = header.replace("(2, 2)", "(999999999999, 999999999999)");
    let huge = [b"\x93NUMPY\x01\0\x8c\0", huge.as_bytes()].concat();
    assert!(read_npy::<f64, Ix2>(folder.with("huge.npy", huge)).is_err());

    // What is written is read, by Python too where it has NumPy.
    let (x, label) = (array![[0.1_f32, 0.2, 0.3], [1.0, 2.0, f32::NAN]], array![3_usize, 0]);
    let (numbers, classes) = (folder.file("x.npy"), folder.file("label.npy"));
    write_npy(&numbers, &x.t())?;
    write_npy(&classes, &label)?;
    let read: ArrayD<f32> = read_npy(&numbers)?;
    assert_eq!((read.shape(), read[[0, 1]], read[[2, 1]].is_nan()), (&[3, 2][..], 1.0, true));
    assert_eq!(read_npy::<usize, Ix1>(&classes)?, label);
    let script =
        "import sys, numpy as n; x, l = map(n.load, sys.argv[1:]); print(x.dtype, x.shape, x[0, 1], l.tolist())";
    let output = Command::new("python3").args(["-c", script]).args([&numbers, &classes]).output();
    if let Some(output) = output.ok().filter(|output| output.status.success()) {
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim_end(), "float32 (3, 2) 1.0 [3, 0]");
    }
    Ok(())
}

/// Written by `NumPy`'s `savez_compressed`: in column-major order, and with big ends first.
#[test]
fn archives_of_numpy() -> Result<(), DataError> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("arrays.npz");
    let mut file = Npz::open(path)?;
    let x: Array2<f64> = file.array("x")?;
    assert_eq!(x, array![[0.0, 0.25, 0.5], [0.75, 1.0, 1.25]]);
    assert_eq!(file.array::<usize, Ix1>("label")?, array![2, 0]);
    assert_eq!(file.array::<f32, Ix1>("big")?, array![1.5, -2.0]);
    let error = file.array::<f32, Ix1>("names").expect_err("they are texts").to_string();
    assert!(error.ends_with("names: expected numbers, found elements of type <U1"), "{error}");
    let error = file.array::<f32, Ix1>("y").expect_err("there is none").to_string();
    assert!(error.ends_with("there is no array `y` among x, label, big, names"), "{error}");
    Ok(())
}

#[test]
fn archives_are_read_as_they_are_written() -> Result<(), DataError> {
    let folder = std::env::temp_dir().join(format!("autograd-npz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("some.npz");
    let (x, label, one) = (array![[0.5_f32, -1.0, 2.0], [0.1, 1e30, 0.0]], array![2_usize, 0], ndarray::arr0(7.25_f64));
    let file = || NpzWriter::new().array("x", &x.t()).array("label", &label).array("one", &one);
    for file in [file(), file().compressed()] {
        file.write(&path)?;
        let mut read = Npz::open(&path)?;
        assert_eq!(read.names(), ["x", "label", "one"]);
        assert_eq!(read.array::<f32, Ix2>("x")?, x.t());
        assert_eq!(read.array::<usize, Ix1>("label")?, label);
        assert_eq!(read.array::<f64, ndarray::Ix0>("one")?, one);
    }
    // What cannot be written leaves what is there.
    let before = std::fs::read(&path).expect("it is there");
    let error = file().array("x", &label).write(&path).expect_err("two of one name").to_string();
    assert!(error.contains("some.npz: "), "{error}");
    assert_eq!(std::fs::read(&path).expect("it is there"), before);
    std::fs::remove_dir_all(&folder).expect("a folder");
    Ok(())
}

#[test]
fn splits_take_each_observation_once() {
    let check = |split: &Split, rows: usize| {
        let mut all = [&*split.train, &split.validation, &split.test].concat();
        all.sort_unstable();
        assert_eq!(all, (0..rows).collect::<Vec<_>>());
    };
    let split = Split::new(101, 3).validation(0.2).test(0.1);
    check(&split, 101);
    assert_eq!((split.validation.len(), split.test.len()), (20, 10));
    assert_eq!(split, Split::new(101, 3).test(0.1).validation(0.2));
    assert_ne!(split.test, Split::new(101, 4).test(0.1).test);
    let label: Array1<usize> = (0..100).map(|row| usize::from(row % 10 == 0) * 7).collect();
    let split = Split::stratified(&label, 3).validation(0.5).test(0.5);
    check(&split, 100);
    let sevens = |rows: &[usize]| rows.iter().filter(|&&row| label[row] == 7).count();
    assert_eq!((sevens(&split.validation), sevens(&split.test), split.train.len()), (5, 5, 0));
}

#[test]
fn one_scale_for_all_features() -> Result<(), Box<dyn std::error::Error>> {
    let x = array![[1.0_f32, 0.1], [3.0, 0.1], [8.0, 0.1]];
    let scale = Standardizer::of(&x);
    assert_eq!((scale.mean[0], scale.mean[1], scale.std[1]), (4.0, 0.1, 1.0));
    let z = scale.apply(&x.slice(s![..;-1, ..]));
    assert!((z.column(0).mapv(|value| value * value).sum() - 3.0).abs() < 1e-6 && z.column(1).sum() == 0.0);
    // It goes into the file of a model.
    let model: Plane<f32> = Plane { w: array![1.0, 2.0], b: 0.0 };
    let file = Snapshot::from_bytes(&Snapshot::of(&model).with("scale", &scale).to_bytes())?;
    assert_eq!(file.get::<Standardizer<f32>>("scale")?, scale);
    assert_eq!(file.get::<Plane<f32>>("")?, model);
    Ok(())
}

/// Rows are chosen whatever the layout.
#[test]
fn batches_of_strided_inputs() -> Result<(), Failure> {
    let (x, y) =
        (Array2::from_shape_fn((3, 8), |(i, j)| (10 * i + j) as f64), Array1::from_iter((0..8).map(f64::from)));
    let (penalty, mut buffers) = (array![1.0, 2.0, 3.0, 4.0, 5.0, 6.0], Buffers::default());
    let inputs = plane::Inputs {
        x: x.t().slice_move(s![..;-2, ..]),
        y: y.slice(s![..;2]),
        penalty: penalty.slice(s![..;2]),
        scale: 2.0,
    };
    let see = |batch: &plane::Inputs<'_>| (batch.x.to_owned(), batch.y.to_owned(), batch.penalty.len(), batch.scale);
    let (rows, targets, whole, scale) = Data::<Plane>::with(&inputs, Batch::rows_of(&[3, 0, 3], &mut buffers), see)?;
    assert_eq!(rows, array![[1.0, 11.0, 21.0], [7.0, 17.0, 27.0], [1.0, 11.0, 21.0]]);
    assert_eq!((targets, whole, scale), (array![6.0, 0.0, 6.0], 3, 2.0));
    let (rows, targets, ..) = Data::<Plane>::with(&inputs, Batch::range(1..3, &mut buffers), see)?;
    assert_eq!((rows.row(0), targets), (array![5.0, 15.0, 25.0].view(), array![2.0, 4.0]));
    Ok(())
}

/// Empty lines, comments and line breaks in quotes count.
#[test]
fn lines_are_those_of_the_file() {
    let folder = Folder::new("lines");
    let path = folder.with("lines.csv", "# a garden\n\na,b\n\n# two lines\n1,\"x\ny\"\n\n\n2,z\n#\nw,u\n");
    let table = Csv::new().comment('#').read(path).expect("two fields everywhere");
    let line = |error: DataError| match error {
        DataError::Field { line, .. } => line,
        other => panic!("{other}"),
    };
    assert_eq!(line(table.column::<f64>("a").expect_err("w is none")), 12);
    assert_eq!(line(table.column::<f64>("b").expect_err("x is none")), 6);
    assert_eq!(line(table.classes_of("b", &["x\ny".into()]).expect_err("z is none")), 10);

    // A comment that is taken for names is shown, with what to do about it.
    let path = folder.with("comment.csv", "# a garden, a field, a wood and a meadow\na,b\n1,2\n");
    let error = Csv::new().read(path).expect_err("three fields and two").to_string();
    let says = "comment.csv, line 2: 2 fields, where the first line, `# a garden, a field, a wood an…`, has 3 \
                (`.comment('#')` leaves out lines like that one)";
    assert!(error.ends_with(says), "{error}");
}
